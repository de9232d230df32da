import { createCipheriv, createDecipheriv, createHmac } from 'node:crypto';

/** AES-128 of one block (FIPS 197): a permutation of 128 bits, so with the key a code and its seal each lead to the other. */
const CIPHER = 'aes-128-ecb';
const sealKey = (key: Buffer): Buffer =>
  createHmac('sha256', key).update('parley set-up seal v1').digest().subarray(0, 16);

const ofBlock = (cipher: ReturnType<typeof createCipheriv | typeof createDecipheriv>, block: string): string =>
  cipher.setAutoPadding(false).update(block, 'base64url').toString('base64url');

/**
 * What a store keeps of a set-up code. Of other codes it keeps a keyed hash; this one has to come back from what is kept,
 * because every process of an installation prints the same link until it is used (S43).
 * @param key the installation's key for tokens and codes
 * @param code a link's code, 16 bytes as base64url
 */
export const setUpSeal = (key: Buffer, code: string): string =>
  ofBlock(createCipheriv(CIPHER, sealKey(key), null), code);

/** The code of a seal. With another key it is another code, and that code has the same seal under that key. */
export const setUpCode = (key: Buffer, seal: string): string =>
  ofBlock(createDecipheriv(CIPHER, sealKey(key), null), seal);
