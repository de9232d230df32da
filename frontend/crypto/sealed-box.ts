import type * as z from 'zod/mini';
import { err, ok, type Result } from '#protocol/result';
import { base64, fromBase64, random, utf8, type Bytes } from './bytes.ts';

/*
 * AES-256-GCM (NIST SP 800-38D) with a random nonce of 96 bits before the ciphertext. A key seals fewer than 2^32 boxes.
 */

const NONCE_BYTES = 12;
const TAG_BYTES = 16;
const ALGORITHM = 'AES-GCM';

/** @param raw 32 bytes */
export const boxKey = (raw: Bytes): Promise<CryptoKey> =>
  crypto.subtle.importKey('raw', raw, ALGORITHM, false, ['encrypt', 'decrypt']);

/**
 * A key for one purpose that comes from a random secret: HKDF (RFC 5869) with SHA-256.
 * @param purpose its name: keys of different purposes tell nothing of each other
 */
export async function derivedKey(secret: Bytes, purpose: string): Promise<CryptoKey> {
  const material = await crypto.subtle.importKey('raw', secret, 'HKDF', false, ['deriveKey']);
  const parameters = { name: 'HKDF', hash: 'SHA-256', salt: new Uint8Array(), info: utf8(purpose) };
  return crypto.subtle.deriveKey(parameters, material, { name: ALGORITHM, length: 256 }, false, ['encrypt', 'decrypt']);
}

/** @param bound what the box belongs to: it opens with exactly this again, and nowhere else */
export async function seal(key: CryptoKey, plaintext: Bytes, bound: Bytes): Promise<Bytes> {
  const iv = random(NONCE_BYTES);
  const sealed = await crypto.subtle.encrypt({ name: ALGORITHM, iv, additionalData: bound }, key, plaintext);
  const box = new Uint8Array(NONCE_BYTES + sealed.byteLength);
  box.set(iv);
  box.set(new Uint8Array(sealed), NONCE_BYTES);
  return box;
}

/** `tampered`: another key, another place, or a changed byte; which of them cannot be told. */
export async function open(key: CryptoKey, box: Bytes, bound: Bytes): Promise<Result<Bytes, 'tampered'>> {
  if (box.length < NONCE_BYTES + TAG_BYTES) return err('tampered');
  try {
    const iv = box.slice(0, NONCE_BYTES);
    const parameters = { name: ALGORITHM, iv, additionalData: bound };
    return ok(new Uint8Array(await crypto.subtle.decrypt(parameters, key, box.slice(NONCE_BYTES))));
  } catch {
    return err('tampered');
  }
}

/** A value as JSON in a box, in base 64. */
export const sealJson = async (key: CryptoKey, value: unknown, bound: Bytes): Promise<string> =>
  base64(await seal(key, utf8(JSON.stringify(value)), bound));

/** `unreadable`: it was sealed by this key for this place, and says something else than the schema. */
export async function openJson<T>(
  key: CryptoKey,
  box: string,
  bound: Bytes,
  schema: z.ZodMiniType<T>,
): Promise<Result<T, 'tampered' | 'unreadable'>> {
  const bytes = fromBase64(box);
  const opened = bytes ? await open(key, bytes, bound) : err('tampered' as const);
  if (!opened.ok) return opened;
  try {
    const parsed = schema.safeParse(JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(opened.value)));
    return parsed.success ? ok(parsed.data) : err('unreadable');
  } catch {
    return err('unreadable');
  }
}
