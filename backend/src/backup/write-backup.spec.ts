import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { someFriends } from '../store/contract/people.ts';
import { StoreError } from '../store/store-error.ts';
import type { Kept, Reading } from '../store/transfer.ts';
import { suiteOnMongo } from '../testing/mongo.ts';
import { mongoPlace } from '../testing/places.ts';
import { openBackup } from './read-backup.ts';
import { writeBackup } from './write-backup.ts';

const PASSPHRASE = 'seven lanterns on the quay';

suiteOnMongo('A backup of a MongoDB that changes meanwhile', () => {
  let directory: string;
  beforeEach(async () => void (directory = await mkdtemp(join(tmpdir(), 'parley-backup-'))));
  afterEach(() => rm(directory, { recursive: true }));

  const written = (reading: Reading) => {
    const machine = { kind: 'machine', madeAt: 1, root: null, vapidKey: null, ports: null } as const;
    return writeBackup({ reading, machine, passphrase: PASSPHRASE, path: join(directory, 'backup'), cost: 14 });
  };

  it('has no account without its contacts: one that is deleted between the two is not in it', async () => {
    const place = await mongoPlace();
    const store = await place.open();
    const [ada, bob] = await someFriends(store);
    const reading = await place.read();
    async function* everything(): AsyncGenerator<Kept> {
      for await (const entry of reading.everything()) {
        yield entry;
        if (entry.kind === 'device' && entry.userId === ada.id) await store.deleteUser(ada.id);
      }
    }
    await written({ ...reading, everything });
    const { entries } = await openBackup(join(directory, 'backup'), PASSPHRASE);
    const names = new Map<string, string | null>();
    for await (const entry of entries) if (entry.kind === 'user') names.set(entry.id, entry.username);
    expect([names.get(ada.id), names.get(bob.id)]).toEqual([null, bob.username]);
    await reading.close();
    await store.close();
    await place.dispose();
  });

  it('is begun again so often, and no oftener', async () => {
    let begun = 0;
    async function* everything(): AsyncGenerator<Kept> {
      begun++;
      throw new StoreError('changed', 'An account was deleted.');
    }
    await expectAsync(written({ everything, close: async () => undefined })).toBeRejectedWithError(/deleted/);
    expect(begun).toBe(5);
  });
});
