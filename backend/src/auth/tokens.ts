import { createSecretKey, randomUUID } from 'node:crypto';
import jwt from 'jsonwebtoken';
import * as z from 'zod/mini';
import { role, type Role } from '#protocol/api/account';
import { deviceId, userId, uuid, type DeviceId, type UserId } from '#protocol/ids';
import { err, ok, type Result } from '#protocol/result';
import type { Clock } from '../clock.ts';

/** How long an access token lasts. */
export const ACCESS_TOKEN_MS = 10 * 60_000;
/** The shortest key that is taken, in bytes (RFC 7518, 3.2: at least the hash's own length). */
const KEY_BYTES = 32;

const time = z.int().check(z.nonnegative());
const claims = z.object({
  sub: userId,
  did: deviceId,
  role,
  /**
   * When the device's family of refresh tokens began: a token means nothing in another one. Those minted before an update,
   * and by processes that are still to be updated, do not say it.
   */
  fam: z.optional(time),
  /** Which of its family's refresh tokens it was minted with. */
  gen: time,
  iat: time,
  exp: time,
  jti: uuid,
});
/** What an access token says (RFC 7519, 4.1). `role` is a hint for the app: the account's row decides. */
export type AccessClaims = z.infer<typeof claims>;

export type AccessTokens = {
  issue(subject: { userId: UserId; deviceId: DeviceId; role: Role; family: number; gen: number }): string;
  /** The claims of a token that is ours and not yet over. */
  verify(token: string): Result<AccessClaims, 'expired' | 'invalid'>;
};

/**
 * Access tokens as JWT with algorithm, issuer and audience pinned (RFC 8725, 3.1, 3.8, 3.9).
 * Throws where `key` is too short to sign with.
 */
export function accessTokens({ key, installation, clock }: TokenDeps): AccessTokens {
  if (key.length < KEY_BYTES) throw new RangeError(`the token key must have ${KEY_BYTES} bytes or more`);
  // Of bytes the library would first try to make a public key, at every hello and request: 36 µs instead of 9.
  const secret = createSecretKey(key);
  const pinned = { issuer: installation, audience: installation };
  const seconds = () => Math.floor(clock.now() / 1000);
  return {
    issue: ({ userId, deviceId, role: hint, family, gen }) => {
      const iat = seconds();
      const payload = {
        sub: userId,
        did: deviceId,
        role: hint,
        fam: family,
        gen,
        iat,
        exp: iat + ACCESS_TOKEN_MS / 1000,
      };
      return jwt.sign({ ...payload, iss: installation, aud: installation, jti: randomUUID() }, secret, {
        algorithm: 'HS256',
      });
    },
    verify: token => {
      try {
        const payload = jwt.verify(token, secret, { algorithms: ['HS256'], clockTimestamp: seconds(), ...pinned });
        const read = claims.safeParse(payload);
        return read.success ? ok(read.data) : err('invalid');
      } catch (error) {
        return err(error instanceof jwt.TokenExpiredError ? 'expired' : 'invalid');
      }
    },
  };
}

/** `installation` is the installation's id: both issuer and audience. */
export type TokenDeps = { key: Buffer; installation: string; clock: Clock };
