import { createHash, createHmac, randomBytes, timingSafeEqual } from 'node:crypto';

/** 32 random bytes as 43 base64url characters: refresh tokens and device secrets. */
export const newSecret = (): string => randomBytes(32).toString('base64url');

/** What is kept of a random secret. It has 256 bits, so one round of SHA-256 is enough. */
export const secretHash = (secret: string): string => createHash('sha256').update(secret).digest('base64url');

export function secretMatches(secret: string, hash: string): boolean {
  const given = Buffer.from(secretHash(secret));
  const kept = Buffer.from(hash);
  return given.length === kept.length && timingSafeEqual(given, kept);
}

/** The refresh token after `token`: the same token always has the same successor, and only the server can say which. */
export const successorOf = (key: Buffer, token: string): string =>
  createHmac('sha256', key).update('parley refresh v1').update(token).digest('base64url');
