import * as z from 'zod/mini';
import { type UserId } from '#protocol/ids';
import { err, ok, type Result } from '#protocol/result';
import { base64, fields, fromBase64, sha256, textOf, utf8 } from './bytes.ts';
import { open, seal } from './sealed-box.ts';

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

export const sealManifest = async (
  key: CryptoKey,
  userId: UserId,
  version: string,
  content: Manifest,
): Promise<string> => base64(await seal(key, utf8(JSON.stringify(content)), bound(userId, version)));

export type ManifestRefusal =
  | 'tampered'
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
  const box = fromBase64(sealed);
  const opened = box ? await open(key, box, bound(userId, version)) : err('tampered' as const);
  if (!opened.ok) return opened;
  const parsed = manifest.safeParse(JSON.parse(textOf(opened.value)));
  if (!parsed.success) return err('tampered');
  if (known !== null && parsed.data.number < known) return err('lower-number');
  const { count, hash } = await manifestOf(parsed.data.number, records);
  return count === parsed.data.count && hash === parsed.data.hash ? ok(parsed.data) : err('other-records');
}
