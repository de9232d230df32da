import { randomUUID } from 'node:crypto';
import type { Connection } from 'mongoose';
import type { Unbound } from './base.ts';
import type { InstallationDocument } from './documents.ts';
import type { Collections } from './schemas.ts';
import { upgradeFrom1, upgradeFrom2 } from './upgrade.ts';
import { StoreError } from '../store-error.ts';
import type { Store } from '../store.ts';

/** Grows when documents change their shape. */
const VERSION = 3;
const ID = 'installation';
/** What the names of collections begin with that are being filled. */
export const FILLING = 'filling.';

/**
 * Makes the indexes and, at the first start, the installation's identity; many processes may do so at once.
 * @param now ms since the epoch
 * @throws StoreError as `knownInstallation` says, or `half-filled`
 */
export async function install(connection: Connection, kept: Collections, now: number): Promise<void> {
  const { installations } = kept;
  const known = await knownInstallation(connection, kept);
  if (known?.filling) {
    throw new StoreError('half-filled', 'A restore into the database of STORE did not finish. Run it again.');
  }
  for (const collection of Object.values(kept)) await collection.createIndexes();
  if (known && known.version < VERSION) await upgrade(connection, kept, known.version);
  const made = { id: randomUUID(), epoch: randomUUID(), createdAt: now, version: VERSION };
  await installations.updateOne({ _id: ID }, { $setOnInsert: made }, { upsert: true });
}

/**
 * The identity of a database, null where there is none yet.
 * @throws StoreError `newer-database`, or `not-a-database` where the database is some other program's
 */
export async function knownInstallation(
  connection: Connection,
  kept: Collections,
): Promise<InstallationDocument | null> {
  const known = await kept.installations.findById(ID).lean();
  if (!known) await refuseOthers(connection, kept);
  if (known && known.version > VERSION) {
    throw new StoreError(
      'newer-database',
      'The database was written by a newer Parley. Start that version, or a later one.',
    );
  }
  return known;
}

/** The new version is written after the last change: an upgrade that was interrupted begins again at the next start. */
async function upgrade(connection: Connection, kept: Collections, from: number): Promise<void> {
  if (from < 2) await upgradeFrom1(connection, kept);
  await upgradeFrom2(connection, kept);
  await kept.installations.updateOne({ _id: ID }, { $max: { version: VERSION } });
}

/**
 * The identity of a database that is read as it is.
 * @throws StoreError `empty`, `half-filled`, `older-database`, and as `knownInstallation` says
 */
export async function readableInstallation(connection: Connection, kept: Collections): Promise<InstallationDocument> {
  const known = await knownInstallation(connection, kept);
  if (!known) throw new StoreError('empty', 'The database of STORE is empty: nothing was ever kept.');
  if (known.filling) throw new StoreError('half-filled', 'A restore into the database of STORE did not finish.');
  if (known.version === VERSION) return known;
  throw new StoreError(
    'older-database',
    'The database was written by an older Parley. Use that version, or start this one once.',
  );
}

/** Says that what is in the database is being exchanged, so that no process starts on a half. */
export async function beginExchange({ installations }: Collections): Promise<void> {
  const made = { id: randomUUID(), epoch: randomUUID(), createdAt: 0, version: VERSION };
  await installations.updateOne({ _id: ID }, { $set: { filling: true }, $setOnInsert: made }, { upsert: true });
}

/** What is in the database now is whole, of this installation, and of a new epoch. */
export async function endExchange({ installations }: Collections, id: string, createdAt: number): Promise<void> {
  await installations.replaceOne({ _id: ID }, { id, epoch: randomUUID(), createdAt, version: VERSION });
}

/** Before the identity, only collections of a start that did not finish may be there. */
async function refuseOthers({ db }: Connection, kept: Collections): Promise<void> {
  const ours: string[] = Object.values(kept).map(({ collection }) => collection.collectionName);
  const isOurs = (name: string) => ours.includes(name) || name.startsWith(FILLING) || name.startsWith('system.');
  const found = (await db?.listCollections({}, { nameOnly: true }).toArray()) ?? [];
  if (found.every(({ name }) => isOurs(name))) return;
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
