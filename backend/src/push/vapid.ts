import { createECDH } from 'node:crypto';

/** What identifies this installation to push services (RFC 8292), as unpadded base64url. */
export type VapidKeys = { readonly publicKey: string; readonly privateKey: string };

const CURVE = 'prime256v1';

/** The key pair of a private key of 32 bytes. */
export function vapidKeys(privateKey: Buffer): VapidKeys {
  const pair = createECDH(CURVE);
  pair.setPrivateKey(privateKey);
  return { publicKey: pair.getPublicKey('base64url'), privateKey: privateKey.toString('base64url') };
}

/** Whether this is a point of the curve: a key that is none could never be encrypted for. */
export function isPoint(text: string): boolean {
  try {
    // It throws where there is no such point; the private key is anybody's.
    const pair = createECDH(CURVE);
    pair.generateKeys();
    pair.computeSecret(Buffer.from(text, 'base64url'));
    return true;
  } catch {
    return false;
  }
}
