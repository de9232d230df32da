import type { Refresh, Refreshed } from '#protocol/api/account';
import type { UserId } from '#protocol/ids';
import { err, ok, type Result } from '#protocol/result';
import type { Clock } from '../clock.ts';
import type { Store } from '../store/store.ts';
import { secretHash, secretMatches, successorOf } from './secrets.ts';
import { ACCESS_TOKEN_MS, type AccessTokens } from './tokens.ts';

/** A superseded token may still come, from a second tab or a lost answer, for this long after its successor's first use. */
export const GRACE_MS = 30_000;
/** A family that was not used for this long is over … */
export const IDLE_MS = 60 * 86_400_000;
/** … and so is one that is older than this. */
export const ABSOLUTE_MS = 365 * 86_400_000;

export type RefreshDeps = { store: Store; tokens: AccessTokens; clock: Clock; refreshKey: Buffer };
/** `reused`: somebody else has the cookie and the device secret; the family is over. */
export type NotRefreshed = { kind: 'sign-in-required' } | { kind: 'reused'; userId: UserId };

/** Whether this is the secret of a device that is there. */
export async function provesDevice(
  store: Pick<Store, 'deviceSecretHash'>,
  { deviceId, deviceSecret }: Refresh,
): Promise<boolean> {
  const kept = await store.deviceSecretHash(deviceId);
  return kept !== null && secretMatches(deviceSecret, kept.secretHash);
}

/**
 * Exchanges the two halves of a refresh token, the cookie and the device's secret, for an access token and the cookie's
 * successor. Without the second half the answer is always "sign in" and costs the device nothing: a copied cookie
 * proves no theft. The same token gets the same successor for as long as the rotation is pending.
 */
export async function refreshSession(
  deps: RefreshDeps,
  cookie: string | undefined,
  { deviceId, deviceSecret }: Refresh,
): Promise<Result<{ successor: string; refreshed: Refreshed }, NotRefreshed>> {
  const { store, tokens, clock } = deps;
  const proven = await provesDevice(store, { deviceId, deviceSecret });
  const row = await store.device(deviceId);
  if (cookie === undefined || !proven || row === null || row.user.disabled) return err({ kind: 'sign-in-required' });

  const successor = successorOf(deps.refreshKey, cookie);
  const rotation = await store.rotateRefreshToken({
    deviceId,
    tokenHash: secretHash(cookie),
    successorHash: secretHash(successor),
    at: clock.now(),
    graceMs: GRACE_MS,
    idleMs: IDLE_MS,
    absoluteMs: ABSOLUTE_MS,
  });
  if (rotation.kind === 'reused') return err({ kind: 'reused', userId: row.user.id });
  if (rotation.kind !== 'rotated') return err({ kind: 'sign-in-required' });
  // Null where it has signed in again meanwhile: then this token is of a family that is over.
  if (row.family === null) return err({ kind: 'sign-in-required' });
  const subject = { userId: row.user.id, deviceId, role: row.user.role, family: row.family, gen: rotation.gen };
  return ok({ successor, refreshed: { accessToken: tokens.issue(subject), expiresInMs: ACCESS_TOKEN_MS } });
}
