import mongoose from 'mongoose';
import { newOneTimeKeys } from '../../testing/key-objects.ts';
import { newId } from '../../testing/new-id.ts';
import { specDatabase, suiteOnMongo, type SpecDatabase } from '../../testing/mongo.ts';
import { befriend, newDevice, somebody, times } from '../contract/people.ts';
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

  it('S70: leaves nothing at the place of a removed device, though something was on its way there', async () => {
    const store = await open();
    const ada = await somebody(store);
    const phone = newDevice(ada.id);
    await store.signInDevice(phone);
    const place = `${ada.id} ${phone.id}`;
    await store.removeDevice(ada.id, phone.id);
    const { upTo } = await store.keyChanges(ada.id, 0, 100);
    // A write that was decided on before the removal.
    await raw.collection<{ _id: string }>('inboxes').insertOne({ _id: place, confirmed: 1 } as { _id: string });
    await mended();
    expect(await found('inboxes', { _id: place as never })).toEqual([]);
    expect(await found('users', { keysOwedAt: { $exists: true } })).toEqual([]);
    expect((await store.keyChanges(ada.id, 0, 100)).upTo).toBe(upTo);
  });

  it('S70: looks at what a removal has left that did not end, though another one came behind it', async () => {
    const store = await open();
    const ada = await somebody(store);
    const [phone, tablet] = [newDevice(ada.id), newDevice(ada.id)];
    for (const device of [phone, tablet]) await store.signInDevice(device);
    const own = { userId: ada.id, deviceId: phone.id };
    await store.putOneTimeKeys(own, { one_time_keys: newOneTimeKeys(ada.id, phone.id, 2) }, 4_000);
    // The first write of a removal is all that its process has come to.
    const keysOwedAt = now;
    const users = raw.collection<{ _id: string; devices: { id: string }[] }>('users');
    await users.updateOne({ _id: ada.id }, { $pull: { devices: { id: phone.id } }, $set: { keysOwedAt } });
    now++;
    await store.removeDevice(ada.id, tablet.id);
    await mended();
    expect(await found('oneTimeKeys', { place: `${ada.id} ${phone.id}` })).toEqual([]);
  });

  it('S76: takes every confirmed row away but those of a request that is not done, however many there are', async () => {
    const store = await open();
    const place = 'a place';
    const row = (request: string, number: number) =>
      ({
        _id: `${place} ${number}`,
        place,
        number,
        request,
        sender: 's',
        type: 't',
        bytes: 1,
        confirmedAt: 1,
      }) as object;
    const [kept, done] = [times(5_000, i => row('open', i + 1)), times(1_500, i => row('done', i + 5_001))];
    await raw.collection('inboxRows').insertMany([...kept, ...done]);
    const request = { _id: 'open' as never, device: 'd', at: now, waiting: [place] };
    await raw.collection('toDevice').insertOne(request);
    await store.sweepKeys(now);
    expect(await raw.collection('inboxRows').countDocuments({ request: 'open' })).toBe(5_000);
    expect(await raw.collection('inboxRows').countDocuments({ request: 'done' })).toBe(0);
  });

  it('S79: takes batches away that came while their version went, with the hourly sweep', async () => {
    const store = await open();
    const ada = await somebody(store);
    const version = newId();
    await store.addBackup(ada.id, { version, about: {} }, 4_000);
    await store.addBatch(ada.id, version, { number: 1, manifest: {}, records: [] });
    const late = { _id: 'late' as never, backup: `${ada.id} gone`, number: 1 };
    await raw.collection('sealedBatches').insertOne(late);
    await mended();
    expect((await found('sealedBatches', {})).length).toBe(2);
    await store.sweepKeys(now);
    expect((await found('sealedBatches', {})).map(({ backup }) => backup as string)).toEqual([`${ada.id} ${version}`]);
  });
});
