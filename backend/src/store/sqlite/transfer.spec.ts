import { sqlitePlace } from '../../testing/places.ts';
import { describeCrossing, describeTransfer } from '../contract/transfer.contract.ts';

describeTransfer('the SQLite store, read and filled', sqlitePlace);
describeCrossing('from SQLite to SQLite', sqlitePlace, sqlitePlace);
