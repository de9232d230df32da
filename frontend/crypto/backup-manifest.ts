import * as z from 'zod/mini';
import { type UserId } from '#protocol/ids';
import { type BackupRecord } from '#protocol/keys/api';
import { err, ok, type Result } from '#protocol/result';
import { base64, fields, sha256, utf8 } from './bytes.ts';
import { openJson, sealJson } from './sealed-box.ts';

/*
 * What a batch of the backup holds and which one came before it, sealed with the batch: boxes that are each in order say nothing of
 * those that a server leaves out, or of an older backup in the place of a newer one. Each manifest names the one before it by its hash,
 * so that the last one stands for all records, and a reader can go back from it batch by batch.
 */

const manifest = z.strictObject({
  /** Of the batch, from 1 without a gap; devices refuse a lower last one than they know. */
  number: z.int().check(z.positive()),
  /** Of all records up to this batch. */
  count: z.int().check(z.nonnegative()),
  /** SHA-256 over the records of this batch, in base 64. */
  records: z.string(),
  /** The link of the batch before; `NO_LINK` in the first one. */
  previous: z.string(),
});
export type Manifest = z.infer<typeof manifest>;

/** A batch by which all before it are known. */
export interface Link {
  readonly number: number;
  readonly count: number;
  /** SHA-256 over its manifest, in base 64. */
  readonly hash: string;
}

/** Before the first batch. */
export const NO_LINK: Link = { number: 0, count: 0, hash: '' };

export async function linkOf({ number, count, records, previous }: Manifest): Promise<Link> {
  const hash = await sha256(fields('parley backup link v1', String(number), String(count), records, previous));
  return { number, count, hash: base64(hash) };
}

/** The manifest of the batch that comes behind `before`. */
export const nextManifest = async (before: Link, records: readonly BackupRecord[]): Promise<Manifest> => ({
  number: before.number + 1,
  count: before.count + records.length,
  records: await hashOf(records),
  previous: before.hash,
});

async function hashOf(records: readonly BackupRecord[]): Promise<string> {
  const lines = records.map(({ conversationId, session, index, sealed }) =>
    [conversationId, session, index, sealed].join(' '),
  );
  return base64(await sha256(utf8(lines.sort().join('\n'))));
}

const bound = (userId: UserId, version: string) => fields('parley backup manifest v1', userId, version);

export const sealManifest = (key: CryptoKey, userId: UserId, version: string, content: Manifest): Promise<string> =>
  sealJson(key, content, bound(userId, version));

export type ManifestRefusal =
  | 'tampered'
  | 'unreadable'
  /** An older backup than one that this device knows of. */
  | 'lower-number'
  /** Records or batches are missing, were added or exchanged. */
  | 'other-records';

/** A batch as the server hands it out. */
export interface HandedBatch {
  readonly number: number;
  readonly sealed: string;
  readonly records: readonly BackupRecord[];
}

/** Opens the manifest of a batch and compares it with the batch. */
export async function openManifest(
  key: CryptoKey,
  userId: UserId,
  version: string,
  { number, sealed, records }: HandedBatch,
): Promise<Result<Manifest, ManifestRefusal>> {
  const opened = await openJson(key, sealed, bound(userId, version), manifest);
  if (!opened.ok) return opened;
  const isWhole = opened.value.number === number && opened.value.records === (await hashOf(records));
  return isWhole ? opened : err('other-records');
}

/**
 * Whether a batch may be the last one.
 * @param known the last one that this device knows, by itself; null: it cannot tell whether the backup is an older one
 */
export async function judgeLast(last: Manifest, known: Link | null): Promise<Result<Link, ManifestRefusal>> {
  const link = await linkOf(last);
  if (known && link.number < known.number) return err('lower-number');
  return known?.number === link.number && known.hash !== link.hash ? err('other-records') : ok(link);
}

/** Whether `before` is the batch that the one behind it names. */
export const isBefore = (before: Link, behind: Pick<Manifest, 'number' | 'previous'>): boolean =>
  before.number === behind.number - 1 && before.hash === behind.previous;
