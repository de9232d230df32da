import { createCipheriv, createDecipheriv } from 'node:crypto';

/*
 * What follows the header: chunks of 64 KiB, each sealed by AES-256-GCM with the header beside it, so that a header
 * cannot be exchanged. A nonce is the chunk's number and whether it is the last ("STREAM", eprint.iacr.org/2015/189): no
 * chunk can be left out, moved or doubled, and none can be taken for the end. Every file has a key of its own.
 */
export const CHUNK_BYTES = 64 * 1024;
const TAG_BYTES = 16;
export const SEALED_BYTES = CHUNK_BYTES + TAG_BYTES;

/** @param key 32 bytes; `header`: what the chunks belong to */
export type Seal = { key: Buffer; header: Buffer };
/** @param index from 0 */
export type Place = { index: number; isLast: boolean };

function nonce({ index, isLast }: Place): Buffer {
  const bytes = Buffer.alloc(12);
  bytes.writeUInt8(isLast ? 1 : 0, 0);
  bytes.writeBigUInt64BE(BigInt(index), 4);
  return bytes;
}

export function sealChunk({ key, header }: Seal, place: Place, plain: Buffer): Buffer {
  const cipher = createCipheriv('aes-256-gcm', key, nonce(place), { authTagLength: TAG_BYTES });
  cipher.setAAD(header);
  return Buffer.concat([cipher.update(plain), cipher.final(), cipher.getAuthTag()]);
}

/** @returns null where it is not what was sealed for this place */
export function openChunk({ key, header }: Seal, place: Place, sealed: Buffer): Buffer | null {
  if (sealed.length < TAG_BYTES) return null;
  const decipher = createDecipheriv('aes-256-gcm', key, nonce(place), { authTagLength: TAG_BYTES });
  decipher.setAAD(header);
  decipher.setAuthTag(sealed.subarray(-TAG_BYTES));
  try {
    return Buffer.concat([decipher.update(sealed.subarray(0, -TAG_BYTES)), decipher.final()]);
  } catch {
    return null;
  }
}
