import type { DeviceId, UserId } from '#protocol/ids';
import { err, ok, type Result } from '#protocol/result';
import type { Clock } from '../clock.ts';
import type { DeviceRow, UserRow } from '../store/store-accounts.ts';
import type { Store } from '../store/store.ts';
import type { AccessTokens } from './tokens.ts';

/** Who is asking, as their rows say it now. */
export type Who = { userId: UserId; deviceId: DeviceId; user: UserRow; device: DeviceRow; expiresAt: number };
export type NotAuthenticated = 'expired' | 'invalid' | 'removed';

/**
 * Answers who holds an access token, for a request or a hello. Reads the device's row each time, so that a removed
 * device or a disabled account is refused at once, and the first use of a token ends its rotation's pending time.
 */
export type Authenticate = (token: string) => Promise<Result<Who, NotAuthenticated>>;

/** How often a device's last-seen time is written, in ms. */
const TOUCH_MS = 60_000;
/** How many devices are remembered; forgetting one costs a write. */
const REMEMBERED = 10_000;

export function createAuthenticate(deps: { store: Store; tokens: AccessTokens; clock: Clock }): Authenticate {
  const { store, tokens, clock } = deps;
  const seen = new Map<DeviceId, { gen: number; at: number }>();

  const note = async (deviceId: DeviceId, gen: number): Promise<void> => {
    const at = clock.now();
    const last = seen.get(deviceId);
    const stale = last === undefined || at - last.at >= TOUCH_MS;
    if (last?.gen === gen && !stale) return;
    seen.delete(deviceId);
    seen.set(deviceId, { gen, at: stale ? at : last.at });
    for (const oldest of seen.keys()) {
      if (seen.size <= REMEMBERED) break;
      seen.delete(oldest);
    }
    if (last?.gen !== gen) await store.confirmRefreshToken(deviceId, gen, at);
    if (stale) await store.touchDevice(deviceId, at);
  };

  return async token => {
    const read = tokens.verify(token);
    if (!read.ok) return err(read.error);
    const { sub, did, gen, exp } = read.value;
    const row = await store.device(did);
    if (row === null || row.user.id !== sub || row.user.disabled) return err('removed');
    await note(did, gen);
    return ok({ userId: sub, deviceId: did, user: row.user, device: row.device, expiresAt: exp * 1000 });
  };
}
