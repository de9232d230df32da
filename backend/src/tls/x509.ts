import 'reflect-metadata'; // @peculiar/x509 describes its types with decorators and needs this first
import { webcrypto } from 'node:crypto';
import * as x509 from '@peculiar/x509';

x509.cryptoProvider.set(webcrypto);

/** The library, ready to be used; nobody else imports it. */
export { x509 };

/** ECDSA on P-256 with SHA-256: what every browser and phone of the last ten years takes. */
export const ecdsa = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' } as const;

/** One day in milliseconds. */
export const day = 86_400_000;

/** A pair whose private half may be written to a file. */
export async function generateKeys(): Promise<webcrypto.CryptoKeyPair> {
  return webcrypto.subtle.generateKey(ecdsa, true, ['sign', 'verify']);
}

/** @returns the private key as PKCS #8 in PEM, with a line feed at its end */
export async function privateKeyPem(key: webcrypto.CryptoKey): Promise<string> {
  return `${x509.PemConverter.encode(await webcrypto.subtle.exportKey('pkcs8', key), 'PRIVATE KEY')}\n`;
}

/** @returns a positive number of 127 random bits in hex (RFC 5280, 4.1.2.2) */
export function serialNumber(): string {
  const bytes = webcrypto.getRandomValues(new Uint8Array(16));
  bytes[0] = ((bytes[0] ?? 0) & 0x3f) | 0x40;
  return Buffer.from(bytes).toString('hex');
}

/** Dates in certificates have no milliseconds. */
export const atSecond = (ms: number): Date => new Date(Math.floor(ms / 1000) * 1000);
