import { suiteOnMongo } from '../testing/mongo.ts';
import { mongoPlace, sqlitePlace } from '../testing/places.ts';
import { describeCrossing, describeTransfer } from './contract/transfer.contract.ts';

suiteOnMongo('MongoDB', () => {
  describeTransfer('the MongoDB store, read and filled', mongoPlace);
  describeCrossing('from MongoDB to SQLite', mongoPlace, sqlitePlace);
  describeCrossing('from SQLite to MongoDB', sqlitePlace, mongoPlace);
});
