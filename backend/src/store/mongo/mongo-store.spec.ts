import { specDatabase, suiteOnMongo } from '../../testing/mongo.ts';
import { openMongoStore } from './mongo-store.ts';
import { describeStore, type StoreHarness } from '../contract/store.contract.ts';

async function openHarness(): Promise<StoreHarness> {
  const { url, drop } = await specDatabase();
  const harness: StoreHarness = {
    store: await openMongoStore(url),
    async reopen() {
      await harness.store.close();
      harness.store = await openMongoStore(url);
    },
    async dispose() {
      await harness.store.close();
      await drop();
    },
  };
  return harness;
}

suiteOnMongo('MongoDB', () => describeStore('the MongoDB store', openHarness));
