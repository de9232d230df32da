import type { DeviceId, UserId } from '#protocol/ids';
import { err, ok, type Result } from '#protocol/result';
import type { Clock } from '../clock.ts';
import type { DeviceRow, UserRow } from '../store/accounts.ts';
import type { Store } from '../store/store.ts';
import type { AccessTokens } from './tokens.ts';

/** Who is asking, as their rows say it now. */
export type Who = { userId: UserId; deviceId: DeviceId; user: UserRow; device: DeviceRow; expiresAt: number };
export type NotAuthenticated = 'expired' | 'invalid' | 'removed';

/**
 * Answers who holds an access token, for a request or a hello. Reads the device's row each time, so that a removed
 * device, a disabled account or an ended family of tokens is refused at once, and the first use of a token ends its rotation's pending time.
 */
export type Authenticate = (token: string) => Promise<Result<Who, NotAuthenticated>>;

/** How often a device's last-seen time is written, in ms. */
const TOUCH_MS = 60_000;
/** How many devices are remembered; forgetting one costs a write. */
const REMEMBERED = 10_000;

type Row = Awaited<ReturnType<Store['device']>>;

/** Whether this device, or its account, may no longer come in; a device whose family of tokens has ended has to sign in. */
export const isShutOut = (row: Row): row is null => row === null || row.user.disabled || row.family === null;

export function createAuthenticate(deps: { store: Store; tokens: AccessTokens; clock: Clock }): Authenticate {
  const { store, tokens, clock } = deps;
  const touched = new Map<DeviceId, number>();

  const touch = async (deviceId: DeviceId): Promise<void> => {
    const at = clock.now();
    if (at - (touched.get(deviceId) ?? 0) < TOUCH_MS) return;
    touched.delete(deviceId);
    touched.set(deviceId, at);
    const oldest = touched.keys().next();
    if (touched.size > REMEMBERED && oldest.done !== true) touched.delete(oldest.value);
    await store.touchDevice(deviceId, at);
  };

  return async token => {
    const read = tokens.verify(token);
    if (!read.ok) return err(read.error);
    const { sub, did, fam, gen, exp } = read.value;
    const row = await store.device(did);
    if (isShutOut(row) || row.user.id !== sub || (fam ?? row.family) !== row.family) return err('removed');
    await store.confirmRefreshToken(did, gen, clock.now());
    await touch(did);
    return ok({ userId: sub, deviceId: did, user: row.user, device: row.device, expiresAt: exp * 1000 });
  };
}
