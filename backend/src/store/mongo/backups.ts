import type { UserId } from '#protocol/ids';
import type { BackupBatch } from '#protocol/keys/api';
import { BACKUP_BYTES, BACKUP_VERSIONS } from '#protocol/keys/limits';
import type { MongoBase, Unbound } from './base.ts';
import type { SealedBackupDocument, SealedBatchDocument } from './documents.ts';
import { isDuplicate } from './faults.ts';
import type { Collections } from './schemas.ts';
import { livingAmong } from './user-row.ts';
import type { BackupRow, KeyStore } from '../keys.ts';
import type { KeptSealedBackup, KeptSealedBatch } from '../transfer.ts';

type Verbs = Unbound<Pick<KeyStore, 'addBackup' | 'backupsOf' | 'removeBackup' | 'addBatch' | 'batchesOf'>>;

const idOf = (userId: UserId, version: string): string => `${userId} ${version}`;
const json = <T>(text: string): T => JSON.parse(text) as T;

const lastBatch = ({ sealedBatches }: Collections, backup: string): Promise<SealedBatchDocument | null> =>
  sealedBatches.findOne({ backup }, '-content').sort({ number: -1 }).readConcern('local').lean();

const backupsOf: Verbs['backupsOf'] = async (base, user) => {
  const found = await base.sealedBackups.find({ user }).sort({ createdAt: -1, version: 1 }).lean();
  return Promise.all(found.map(backup => backupRow(base, backup)));
};

async function backupRow(
  base: MongoBase,
  { _id, version, about, createdAt }: SealedBackupDocument,
): Promise<BackupRow> {
  const last = await lastBatch(base, _id);
  return {
    version,
    about: json(about),
    createdAt,
    number: last?.number ?? 0,
    manifest: last && json(last.manifest),
    records: last?.records ?? 0,
    bytes: last?.bytes ?? 0,
  };
}

/** Two that come at the same time may make one too many: it is a bound, not a promise. */
const addBackup: Verbs['addBackup'] = async (base, user, { version, about }, createdAt) => {
  const all = await backupsOf(base, user);
  const text = JSON.stringify(about);
  const isSame = (kept: object) => JSON.stringify(kept) === text;
  const known = all.find(one => one.version === version);
  if (known) return isSame(known.about) ? 'added' : 'stale';
  if (all.length >= BACKUP_VERSIONS || (await livingAmong(base, [user])).length === 0) return 'no-room';
  try {
    await base.sealedBackups.insertOne({ _id: idOf(user, version), user, version, about: text, createdAt });
    return 'added';
  } catch (error) {
    if (!isDuplicate(error)) throw error;
    const there = await base.sealedBackups.findById(idOf(user, version)).lean();
    return there && isSame(json(there.about)) ? 'added' : 'stale';
  }
};

/** The first insert of a number has it. */
const addBatch: Verbs['addBatch'] = async (base, user, version, { number, manifest, records }) => {
  const all = await backupsOf(base, user);
  const backup = all.find(one => one.version === version);
  if (!backup) return 'not-found';
  const batch = batchDocument({ kind: 'sealedBatch', userId: user, version, number, manifest, records }, backup);
  if (number === backup.number) return isThere(base, batch);
  if (number !== backup.number + 1) return 'stale';
  if (all.reduce((sum, one) => sum + one.bytes, batch.size) > BACKUP_BYTES) return 'no-room';
  try {
    await base.sealedBatches.insertOne(batch);
    return 'added';
  } catch (error) {
    if (!isDuplicate(error)) throw error;
    return isThere(base, batch);
  }
};

async function isThere(
  { sealedBatches }: MongoBase,
  { _id, manifest, content }: SealedBatchDocument,
): Promise<'added' | 'stale'> {
  const known = await sealedBatches.findById(_id).lean();
  return known?.manifest === manifest && known.content === content ? 'added' : 'stale';
}

const batchesOf: Verbs['batchesOf'] = async (base, user, version, before, page) => {
  const backup = idOf(user, version);
  if ((await base.sealedBackups.exists({ _id: backup })) === null) return 'not-found';
  const batches: (BackupBatch & { number: number })[] = [];
  let taken = 0;
  const found = base.sealedBatches.find({ backup, number: { $lt: before } }).sort({ number: -1 });
  for await (const { number, manifest, content, size } of found.limit(page.limit).lean().cursor()) {
    taken += size;
    if (taken > page.bytes && batches.length > 0) break;
    batches.push({ number, manifest: json(manifest), records: json(content) });
  }
  return batches;
};

/** Everything of a person's, the oldest version first, each with its batches from the first on. */
export async function* sealedOf(base: Collections, userId: UserId): AsyncGenerator<KeptSealedBackup | KeptSealedBatch> {
  const found = await base.sealedBackups.find({ user: userId }).sort({ createdAt: 1, version: -1 }).lean();
  for (const { _id: backup, version, about, createdAt } of found) {
    yield { kind: 'sealedBackup', userId, createdAt, version, about: json(about) };
    for await (const batch of base.sealedBatches.find({ backup }).sort({ number: 1 }).lean().cursor()) {
      const { number, manifest, content } = batch;
      yield { kind: 'sealedBatch', userId, version, number, manifest: json(manifest), records: json(content) };
    }
  }
}

/** A batch as it is kept, behind the last of its version. */
export function batchDocument(
  { userId, version, number, manifest, records }: KeptSealedBatch,
  before: Pick<SealedBatchDocument, 'records' | 'bytes'>,
): SealedBatchDocument {
  const [about, content] = [JSON.stringify(manifest), JSON.stringify(records)];
  const size = Buffer.byteLength(about) + Buffer.byteLength(content);
  const backup = idOf(userId, version);
  const sums = { records: before.records + records.length, bytes: before.bytes + size, size };
  return { _id: `${backup} ${number}`, backup, number, manifest: about, content, ...sums };
}

export const backupDocument = ({ userId, version, about, createdAt }: KeptSealedBackup): SealedBackupDocument => ({
  _id: idOf(userId, version),
  user: userId,
  version,
  about: JSON.stringify(about),
  createdAt,
});

/** A batch that comes while its version goes is found by `sweepBatches`. */
export async function removeBackups(kept: Collections, backups: readonly string[]): Promise<void> {
  await kept.sealedBackups.deleteMany({ _id: { $in: [...backups] } });
  await kept.sealedBatches.deleteMany({ backup: { $in: [...backups] } });
}

/** Batches whose version is gone. */
export async function sweepBatches({ sealedBackups, sealedBatches }: Collections): Promise<void> {
  // In this order: a version is there before its batches.
  const named = await sealedBatches.distinct('backup');
  const there = new Set(await sealedBackups.distinct('_id'));
  const gone = named.filter(id => !there.has(id));
  if (gone.length > 0) await sealedBatches.deleteMany({ backup: { $in: gone } });
}

export const backupVerbs: Verbs = {
  addBackup,
  backupsOf,
  addBatch,
  batchesOf,
  removeBackup: (base, user, version) => removeBackups(base, [idOf(user, version)]),
};
