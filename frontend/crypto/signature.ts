import { base64, fromBase64, utf8 } from './bytes.ts';

/**
 * Whether `signature` is one of `text` by this Ed25519 key (RFC 8032), all in base 64. The library signs and does not verify.
 * @throws {DOMException} `NotSupportedError` in browsers without Ed25519 in WebCrypto: nothing is taken for signed there
 */
export async function isSigned(text: string, signature: string, publicKey: string): Promise<boolean> {
  const [key, signed] = [fromBase64(publicKey), fromBase64(signature)];
  if (key?.length !== 32 || signed?.length !== 64) return false;
  const verifier = await crypto.subtle.importKey('raw', key, 'Ed25519', false, ['verify']);
  return crypto.subtle.verify('Ed25519', verifier, signed, utf8(text));
}

/** What stands before a seed of 32 bytes in PKCS #8 (RFC 8410, 7). */
const PKCS8 = [0x30, 0x2e, 0x02, 0x01, 0x00, 0x30, 0x05, 0x06, 0x03, 0x2b, 0x65, 0x70, 0x04, 0x22, 0x04, 0x20];

/** The public Ed25519 key of a private one, both base 64; null where the text is no seed. */
export async function publicKeyOfSeed(seed: string): Promise<string | null> {
  const bytes = fromBase64(seed);
  if (bytes?.length !== 32) return null;
  const key = new Uint8Array([...PKCS8, ...bytes]);
  const { x = '' } = await crypto.subtle.exportKey(
    'jwk',
    await crypto.subtle.importKey('pkcs8', key, 'Ed25519', true, ['sign']),
  );
  const raw = fromBase64(x.replaceAll('-', '+').replaceAll('_', '/'));
  return raw && base64(raw);
}
