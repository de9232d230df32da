import { suiteOnMongo } from '../../testing/mongo.ts';
import { mongoPlace, sqlitePlace } from '../../testing/places.ts';
import { describeCrossing, describeTransfer, everythingIn, somebodyIn } from '../contract/transfer.contract.ts';
import { connect } from './connection.ts';
import { beginExchange } from './installation.ts';
import { collectionsOf } from './schemas.ts';
import { StoreError } from '../store-error.ts';

suiteOnMongo('MongoDB', () => {
  it('S52: nothing opens while another store takes its place, and who began that may begin again', async () => {
    const place = await mongoPlace();
    const ada = await somebodyIn(place);
    const entries = await everythingIn(place);
    const connection = await connect(place.choice.kind === 'mongodb' ? place.choice.url : '');
    await beginExchange(collectionsOf(connection));
    await connection.destroy();
    await expectAsync(place.open()).toBeRejectedWithError(StoreError, /did not finish/);
    await expectAsync(place.read()).toBeRejectedWithError(StoreError, /did not finish/);
    const filling = await place.fill({ replace: false });
    for (const entry of entries) await filling.add(entry);
    await filling.finish();
    await filling.close();
    const after = await place.open();
    expect(await after.userById(ada.id)).not.toBeNull();
    await after.close();
    await place.dispose();
  });

  describeTransfer('the MongoDB store, read and filled', mongoPlace);
  describeCrossing('from MongoDB to SQLite', mongoPlace, sqlitePlace);
  describeCrossing('from SQLite to MongoDB', sqlitePlace, mongoPlace);
});
