import { villageIn, expectShown } from '../fixtures/version-1.ts';
import { specDatabase, suiteOnMongo } from '../../testing/mongo.ts';
import { connect } from './connection.ts';
import { openMongoStore } from './mongo-store.ts';
import { readMongo } from './reading.ts';

/** As it was written: bytes are base64 in the fixture. */
const revived = (document: object): object =>
  'bytes' in document
    ? { ...document, bytes: Buffer.from((document.bytes as { base64: string }).base64, 'base64') }
    : document;

suiteOnMongo('A database of version 1', () => {
  const village = villageIn('mongo.json');
  let url: string;
  let drop: () => Promise<void>;
  beforeEach(async () => {
    ({ url, drop } = await specDatabase());
    const connection = await connect(url);
    for (const [name, documents] of Object.entries(village.collections ?? {}))
      if (documents.length > 0) await connection.db?.collection(name).insertMany(documents.map(revived));
    await connection.destroy();
  });
  afterEach(() => drop());

  it('S62: is opened with every account, contact, message, mark and call it had, by several processes at once', async () => {
    const stores = await Promise.all([openMongoStore(url), openMongoStore(url), openMongoStore(url)]);
    for (const store of stores) await expectShown(store, village);
    await Promise.all(stores.map(store => store.close()));
    const again = await openMongoStore(url);
    await expectShown(again, village);
    await again.close();
  });

  it('S62: is not read before it was opened once', async () => {
    await expectAsync(readMongo(url, { now: () => 1 })).toBeRejectedWith(
      jasmine.objectContaining({ fault: 'older-database' }),
    );
  });
});
