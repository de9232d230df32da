import { createSecretKey, randomUUID } from 'node:crypto';
import jwt from 'jsonwebtoken';
import * as z from 'zod/mini';
import { role, type Role } from '#protocol/api/account';
import { displayName } from '#protocol/display-name';
import { callId, deviceId, isGuest, userId, uuid, type DeviceId, type UserId } from '#protocol/ids';
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
/** How long a guest's token lasts at most: it is worth nothing without their call, which is looked for each time. */
export const GUEST_TOKEN_MS = 24 * 60 * 60_000;

const guestClaims = z.object({ sub: userId, did: deviceId, call: callId, name: displayName, exp: time });
/** A guest of one call, and what they call themselves. */
export type GuestClaims = z.infer<typeof guestClaims>;

/** What an access token says (RFC 7519, 4.1). `role` is a hint for the app: the account's row decides. */
export type AccessClaims = z.infer<typeof claims>;

export type AccessTokens = {
  issue(subject: { userId: UserId; deviceId: DeviceId; role: Role; family: number; gen: number }): string;
  /** The claims of a token that is ours and not yet over. */
  verify(token: string): Result<AccessClaims, 'expired' | 'invalid'>;
  /** A token for another audience than those of accounts: none of the two is ever taken for the other. */
  issueGuest(guest: Pick<GuestClaims, 'sub' | 'did' | 'call' | 'name'>): string;
  /** The claims of such a token; null for any other text. */
  verifyGuest(token: string): GuestClaims | null;
};

/**
 * Access tokens as JWT with algorithm, issuer and audience pinned (RFC 8725, 3.1, 3.8, 3.9).
 * Throws where `key` is too short to sign with.
 */
export function accessTokens({ key, installation, clock }: TokenDeps): AccessTokens {
  if (key.length < KEY_BYTES) throw new RangeError(`the token key must have ${KEY_BYTES} bytes or more`);
  // Of bytes the library would first try to make a public key, at every hello and request: 36 µs instead of 9.
  const secret = createSecretKey(key);
  const guests = `${installation}/guest`;
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
    issueGuest: guest =>
      jwt.sign({ ...guest, exp: seconds() + GUEST_TOKEN_MS / 1000, iss: installation, aud: guests }, secret, {
        algorithm: 'HS256',
      }),
    verifyGuest: token => {
      try {
        const options = { algorithms: ['HS256' as const], clockTimestamp: seconds(), issuer: installation };
        const read = guestClaims.safeParse(jwt.verify(token, secret, { ...options, audience: guests }));
        return read.success && isGuest(read.data.sub) ? read.data : null;
      } catch {
        return null;
      }
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
