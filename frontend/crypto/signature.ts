import { fromBase64, utf8 } from './bytes.ts';

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
