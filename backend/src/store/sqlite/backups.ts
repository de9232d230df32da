import type { BackupVersion } from '#protocol/keys/api';
import type { UserId } from '#protocol/ids';
import { BACKUP_BYTES, BACKUP_VERSIONS } from '#protocol/keys/limits';
import type { Opaque } from '#protocol/keys/objects';
import type { BackupRow, BatchRow, Page } from '../keys.ts';
import type { KeptSealedBackup, KeptSealedBatch } from '../transfer.ts';
import { withinBytes } from '../within-bytes.ts';
import { column, columns, integer, json, nullable, text } from './columns.ts';
import type { Database } from './database.ts';
import { exists } from './user-row.ts';

const backupColumns = columns<BackupRow>({
  version: text,
  about: json,
  createdAt: integer,
  number: integer,
  manifest: nullable(json<Opaque>),
  records: integer,
  bytes: integer,
});

export const backupsOf = (db: Database, userId: UserId): BackupRow[] =>
  db.all`
    SELECT sealedBackup.version, about, createdAt, ifnull(number, 0) AS number, manifest, ifnull(records, 0) AS records,
      ifnull(bytes, 0) AS bytes
    FROM sealedBackup LEFT JOIN sealedBatch ON sealedBatch.user = sealedBackup.user
      AND sealedBatch.version = sealedBackup.version
      AND number = (SELECT max(number) FROM sealedBatch AS last
        WHERE last.user = sealedBackup.user AND last.version = sealedBackup.version)
    WHERE sealedBackup.user = ${userId} ORDER BY createdAt DESC, sealedBackup.version`.map(backupColumns);

function addBackup(
  db: Database,
  userId: UserId,
  { version, about }: BackupVersion,
  at: number,
): 'added' | 'no-room' | 'stale' {
  const all = backupsOf(db, userId);
  const text = JSON.stringify(about);
  const known = all.find(one => one.version === version);
  if (known) return JSON.stringify(known.about) === text ? 'added' : 'stale';
  if (all.length >= BACKUP_VERSIONS || !exists(db, userId)) return 'no-room';
  db.run`INSERT INTO sealedBackup (user, version, about, createdAt) VALUES (${userId}, ${version}, ${text}, ${at})`;
  return 'added';
}

const contentColumn = columns<{ manifest: string; content: string }>({ manifest: text, content: text });

const textsOf = ({ manifest, records }: BatchRow): { about: string; content: string; bytes: number } => {
  const [about, content] = [JSON.stringify(manifest), JSON.stringify(records)];
  return { about, content, bytes: Buffer.byteLength(about) + Buffer.byteLength(content) };
};

function addBatch(
  db: Database,
  userId: UserId,
  version: string,
  batch: BatchRow,
): 'added' | 'stale' | 'no-room' | 'not-found' {
  const { number } = batch;
  const all = backupsOf(db, userId);
  const backup = all.find(one => one.version === version);
  if (!backup) return 'not-found';
  const { about, content, bytes } = textsOf(batch);
  if (number === backup.number) {
    const known = contentColumn(
      db.get`SELECT manifest, content FROM sealedBatch
        WHERE user = ${userId} AND version = ${version} AND number = ${number}` ?? {},
    );
    return known.manifest === about && known.content === content ? 'added' : 'stale';
  }
  if (number !== backup.number + 1) return 'stale';
  if (all.reduce((sum, one) => sum + one.bytes, bytes) > BACKUP_BYTES) return 'no-room';
  insertBatch(db, userId, batch, backup);
  return 'added';
}

/** @param before its version, with what the batches before it come to */
export function insertBatch(
  db: Database,
  userId: UserId,
  batch: BatchRow,
  before: Pick<BackupRow, 'version' | 'records' | 'bytes'>,
): void {
  const { about, content, bytes } = textsOf(batch);
  db.run`INSERT INTO sealedBatch (user, version, number, manifest, content, records, bytes)
    VALUES (${userId}, ${before.version}, ${batch.number}, ${about}, ${content}, ${before.records + batch.records.length},
      ${before.bytes + bytes})`;
}

const batchColumns = columns<BatchRow>({ number: integer, manifest: json, records: json });
const sizeColumn = column('size', integer);

function batchesOf(
  db: Database,
  userId: UserId,
  version: string,
  before: number,
  page: Page,
): BatchRow[] | 'not-found' {
  if (!db.has`SELECT 1 FROM sealedBackup WHERE user = ${userId} AND version = ${version}`) return 'not-found';
  const found = db.each`
    SELECT number, manifest, content AS records, length(manifest) + length(content) AS size FROM sealedBatch
    WHERE user = ${userId} AND version = ${version} AND number < ${before} ORDER BY number DESC LIMIT ${page.limit}`;
  return withinBytes(found, row => ({ ...batchColumns(row), bytes: sizeColumn(row) }), page.bytes).map(
    ({ bytes: _, ...batch }) => batch,
  );
}

/** Everything of a person's, the oldest version first, each with its batches from the first on. */
export function* sealedOf(db: Database, userId: UserId): Generator<KeptSealedBackup | KeptSealedBatch> {
  for (const { version, about, createdAt } of backupsOf(db, userId).reverse()) {
    yield { kind: 'sealedBackup', userId, createdAt, version, about };
    const batches = db.each`SELECT number, manifest, content AS records FROM sealedBatch
      WHERE user = ${userId} AND version = ${version} ORDER BY number`;
    for (const row of batches) yield { kind: 'sealedBatch', userId, version, ...batchColumns(row) };
  }
}

export const backupReads = { backupsOf, batchesOf };
export const backupWrites = {
  addBackup,
  addBatch,
  removeBackup: (db: Database, userId: UserId, version: string): void => {
    db.run`DELETE FROM sealedBackup WHERE user = ${userId} AND version = ${version}`;
  },
};
