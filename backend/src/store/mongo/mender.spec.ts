import mongoose from 'mongoose';
import { specDatabase, suiteOnMongo, type SpecDatabase } from '../../testing/mongo.ts';
import { befriend, somebody } from '../contract/people.ts';
import { SETTLED_MS } from './base.ts';
import { openMongoStore } from './mongo-store.ts';
import type { Store } from '../store.ts';

suiteOnMongo('What the mender of MongoDB makes up for', () => {
  let database: SpecDatabase;
  let raw: mongoose.Connection;
  let now: number;
  const stores: Store[] = [];
  beforeEach(async () => {
    database = await specDatabase();
    raw = await mongoose.createConnection(database.url).asPromise();
    now = Date.now();
  });
  afterEach(async () => {
    await Promise.all(stores.splice(0).map(store => store.close()));
    await raw.close();
    await database.drop();
  });

  const open = async (): Promise<Store> => {
    const store = await openMongoStore(database.url, { now: () => now });
    stores.push(store);
    return store;
  };
  /** Once all that was on its way has arrived, a process looks for what is left to do. */
  const mended = async (): Promise<Store> => {
    now += SETTLED_MS;
    return open();
  };
  const found = (collection: string, filter: object) => raw.collection(collection).find(filter).toArray();

  it('S80: leaves nothing of the feed that a deleted account alone was told', async () => {
    const store = await open();
    const [ada, bob, cem] = [await somebody(store), await somebody(store), await somebody(store)];
    await store.requestContact(ada.id, bob.id, 2_000);
    await store.declineContact(bob.id, ada.id);
    await befriend(store, ada, cem);
    await store.deleteUser(ada.id);
    const { upTo } = await store.keyChanges(cem.id, 0, 100);
    expect((await found('keyChanges', { reader: ada.id })).length).toBeGreaterThan(0);
    await mended();
    expect(await found('keyChanges', { reader: ada.id })).toEqual([]);
    expect(await store.keyChanges(cem.id, upTo, 100)).toEqual({ changed: [], left: [], upTo, more: false });
  });
});
