import { utf8Length } from '#protocol/bytes';

/** Sizes that content is padded to, bytes of UTF-8 JSON: who counts ciphertext learns one of seven sizes, not the length of a text. */
export const BUCKETS: readonly number[] = [256, 1024, 4096, 8192, 16_384, 24_576, 32_768];

/** Room for everything of a plaintext that is not content, bytes: its ids, numbers and hashes differ in length, and may not show. */
export const ENVELOPE_BYTES = 1024;

/**
 * A plaintext as it is encrypted: the fields of `envelope` and of `content`, filled up with spaces to a length that depends on
 * nothing but the bucket of the content.
 * @param envelope without `content` and `pad`
 * @returns null where the content is larger than the largest bucket, or the envelope than its room
 */
export function paddedPlaintext(envelope: Readonly<Record<string, unknown>>, content: object): string | null {
  const contentBytes = utf8Length(JSON.stringify(content));
  const bucket = BUCKETS.find(size => contentBytes <= size);
  const padded = (pad: string) => JSON.stringify({ ...envelope, content, pad });
  const bytes = utf8Length(padded(''));
  if (bucket === undefined || bytes - contentBytes > ENVELOPE_BYTES) return null;
  return padded(' '.repeat(bucket + ENVELOPE_BYTES - bytes));
}
