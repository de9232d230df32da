import { randomUUID } from 'node:crypto';
import type { Connection } from 'mongoose';
import type { Unbound } from './mongo-base.ts';
import type { Collections } from './mongo-schemas.ts';
import { StoreError } from './store-error.ts';
import type { Store } from './store.ts';

/** Grows when documents change their shape. */
const VERSION = 1;
const ID = 'installation';

/**
 * Makes the indexes and, at the first start, the installation's identity; many processes may do so at once.
 * @param now ms since the epoch
 * @throws StoreError `newer-database`, or `not-a-database` where the database is some other program's
 */
export async function install(connection: Connection, kept: Collections, now: number): Promise<void> {
  const { installations } = kept;
  const known = await installations.findById(ID).lean();
  if (!known) await refuseOthers(connection, kept);
  if (known && known.version > VERSION) {
    throw new StoreError(
      'newer-database',
      'The database was written by a newer Parley. Start that version, or a later one.',
    );
  }
  for (const collection of Object.values(kept)) await collection.createIndexes();
  const made = { id: randomUUID(), epoch: randomUUID(), createdAt: now, version: VERSION };
  await installations.updateOne({ _id: ID }, { $setOnInsert: made }, { upsert: true });
}

/** Before the identity, only collections of a start that did not finish may be there. */
async function refuseOthers({ db }: Connection, kept: Collections): Promise<void> {
  const ours: string[] = Object.values(kept).map(({ collection }) => collection.collectionName);
  const found = (await db?.listCollections({}, { nameOnly: true }).toArray()) ?? [];
  if (found.every(({ name }) => ours.includes(name) || name.startsWith('system.'))) return;
  throw new StoreError(
    'not-a-database',
    'The database of STORE belongs to another program. Name one of its own in it.',
  );
}

export const installationVerbs: Unbound<Pick<Store, 'installation'>> = {
  async installation({ installations }) {
    const found = await installations.findById(ID).lean();
    if (!found) throw new Error('the installation has no identity');
    const { id, epoch, createdAt } = found;
    return { id, epoch, createdAt };
  },
};
