import * as z from 'zod/mini';

/*
 * What an encrypted entry is as `data`: the content of an `m.room.encrypted` event (Matrix client-server API, m.megolm.v1.aes-sha2).
 * Only what is checked outside of the library is read here.
 */

const MEGOLM = 'm.megolm.v1.aes-sha2';

const sealedData = z.looseObject({
  algorithm: z.literal(MEGOLM),
  ciphertext: z.string(),
  session_id: z.string().check(z.minLength(1), z.maxLength(64)),
});

/** The place of a ciphertext in its session: each is used once. */
export interface MegolmPlace {
  readonly sessionId: string;
  readonly index: number;
}

/** @returns the place of what was encrypted; null for everything else, plain content among it */
export function megolmPlaceOf(data: string): MegolmPlace | null {
  try {
    const parsed = sealedData.safeParse(JSON.parse(data));
    const index = parsed.success ? megolmIndex(parsed.data.ciphertext) : null;
    return parsed.success && index !== null ? { sessionId: parsed.data.session_id, index } : null;
  } catch {
    return null;
  }
}

const MEGOLM_VERSION = 3;
const INDEX_TAG = 0x08;
const MOST_INDEX = 2 ** 32;

/**
 * The message index of a Megolm message, which the library does not tell: the version byte, then tag 0x08 and a varint of at most
 * 32 bits (https://gitlab.matrix.org/matrix-org/olm/-/blob/master/docs/megolm.md, "Message format").
 */
export function megolmIndex(ciphertext: string): number | null {
  const [version, tag, ...rest] = firstBytes(ciphertext, 7);
  if (version !== MEGOLM_VERSION || tag !== INDEX_TAG) return null;
  let index = 0;
  for (const [i, byte] of rest.entries()) {
    index += (byte & 0x7f) * 2 ** (7 * i);
    if (byte < 0x80) return index < MOST_INDEX && !(i > 0 && byte === 0) ? index : null;
  }
  return null;
}

const BASE64 = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';

function firstBytes(base64: string, count: number): number[] {
  const bytes: number[] = [];
  let bits = 0;
  let held = 0;
  for (const character of base64.slice(0, Math.ceil((count * 8) / 6))) {
    const value = BASE64.indexOf(character);
    if (value < 0) break;
    bits = (bits << 6) | value;
    held += 6;
    if (held < 8) continue;
    held -= 8;
    bytes.push((bits >> held) & 0xff);
    bits &= (1 << held) - 1;
  }
  return bytes;
}
