import type { UserId } from '#protocol/ids';
import type { BackupBatch } from '#protocol/keys/api';
import { BACKUP_BYTES, BACKUP_VERSIONS } from '#protocol/keys/limits';
import type { MongoBase, Unbound } from './base.ts';
import type { SealedBackupDocument, SealedBatchDocument } from './documents.ts';
import { isDuplicate } from './faults.ts';
import type { Collections } from './schemas.ts';
import { livingAmong } from './user-row.ts';
import type { BackupRow, KeyStore } from '../keys.ts';

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

/** A number belongs to whoever's insert comes first. */
const addBatch: Verbs['addBatch'] = async (base, user, version, { number, manifest, records }) => {
  const all = await backupsOf(base, user);
  const backup = all.find(one => one.version === version);
  if (!backup) return 'not-found';
  const batch = { manifest: JSON.stringify(manifest), content: JSON.stringify(records) };
  const _id = `${idOf(user, version)} ${number}`;
  if (number === backup.number) return isThere(base, _id, batch);
  if (number !== backup.number + 1) return 'stale';
  const size = Buffer.byteLength(batch.manifest) + Buffer.byteLength(batch.content);
  if (all.reduce((sum, one) => sum + one.bytes, size) > BACKUP_BYTES) return 'no-room';
  const sums = { records: backup.records + records.length, bytes: backup.bytes + size, size };
  try {
    await base.sealedBatches.insertOne({ _id, backup: idOf(user, version), number, ...batch, ...sums });
    return 'added';
  } catch (error) {
    if (!isDuplicate(error)) throw error;
    return isThere(base, _id, batch);
  }
};

async function isThere(
  { sealedBatches }: MongoBase,
  _id: string,
  { manifest, content }: { manifest: string; content: string },
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

/** Batches whose version is gone: one that came while it went is found by the mender. */
export async function removeBackups(kept: Collections, backups: readonly string[]): Promise<void> {
  await kept.sealedBackups.deleteMany({ _id: { $in: [...backups] } });
  await kept.sealedBatches.deleteMany({ backup: { $in: [...backups] } });
}

export const backupVerbs: Verbs = {
  addBackup,
  backupsOf,
  addBatch,
  batchesOf,
  removeBackup: (base, user, version) => removeBackups(base, [idOf(user, version)]),
};
