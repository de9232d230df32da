import * as z from 'zod/mini';
import { type UserId } from '#protocol/ids';
import { err, type Result } from '#protocol/result';
import { base64, fields, sha256, utf8 } from './bytes.ts';
import { openJson, sealJson } from './sealed-box.ts';

/*
 * What the whole backup holds, sealed with each batch, because boxes that are each in order say nothing of those that a server leaves
 * out, or of an older backup in the place of a newer one.
 */

const manifest = z.strictObject({
  /** Grows with every batch; devices refuse a lower one than they know. */
  number: z.int().check(z.positive()),
  count: z.int().check(z.nonnegative()),
  /** SHA-256 over all records, in base 64. */
  hash: z.string(),
});
export type Manifest = z.infer<typeof manifest>;

/** A record as it lies on the server, with its place: conversation, session and first index. */
export interface KeptRecord {
  readonly place: readonly [conversationId: string, sessionId: string, firstIndex: number];
  readonly sealed: string;
}

/** The manifest of these records, in whatever order they are given. */
export async function manifestOf(number: number, records: readonly KeptRecord[]): Promise<Manifest> {
  const lines = records.map(({ place, sealed }) => `${place.join(' ')} ${sealed}\n`).sort();
  return { number, count: records.length, hash: base64(await sha256(utf8(lines.join('')))) };
}

const bound = (userId: UserId, version: string) => fields('parley backup manifest v1', userId, version);

export const sealManifest = (key: CryptoKey, userId: UserId, version: string, content: Manifest): Promise<string> =>
  sealJson(key, content, bound(userId, version));

export type ManifestRefusal =
  | 'tampered'
  | 'unreadable'
  /** An older backup than one that this device knows of. */
  | 'lower-number'
  /** Records are missing, were added or exchanged. */
  | 'other-records';

/**
 * Checks all records of a backup against its manifest.
 * @param known the highest number that this device knows, by itself or from the device that has approved it; null: it cannot tell
 *   whether the backup is an older one
 */
export async function openManifest(
  key: CryptoKey,
  userId: UserId,
  version: string,
  sealed: string,
  records: readonly KeptRecord[],
  known: number | null,
): Promise<Result<Manifest, ManifestRefusal>> {
  const opened = await openJson(key, sealed, bound(userId, version), manifest);
  if (!opened.ok) return opened;
  if (known !== null && opened.value.number < known) return err('lower-number');
  const { count, hash } = await manifestOf(opened.value.number, records);
  return count === opened.value.count && hash === opened.value.hash ? opened : err('other-records');
}
