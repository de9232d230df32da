import type { DeviceId, UserId } from '#protocol/ids';
import { err, ok, type Result } from '#protocol/result';
import type { Clock } from '../clock.ts';
import type { Events } from '../events/event-hub.ts';
import type { Store } from '../store/store.ts';
import { removeAccount, tellEnded } from './account.ts';
import { codeHash, newLinkCode } from './codes.ts';
import type { Passwords } from './passwords.ts';
import { setUpCode, setUpSeal } from './set-up-code.ts';

export type AdminDeps = { store: Store; events: Events; clock: Clock; refreshKey: Buffer };

/** How long a reset link works, in ms. */
export const RESET_MS = 30 * 60_000;
/** A code that was just made: the only time it is seen. */
export type MadeLink = { code: string; expiresAt: number };

/** The outcome of deleting or disabling an account. `last-admin`: refused, because no other admin would remain. */
export type Removed = 'done' | 'unknown' | 'last-admin';

/** Shuts an account out: its devices are gone and its sockets closed when this resolves. */
export async function disableAccount({ store, events }: AdminDeps, id: UserId): Promise<Removed> {
  const devices = await store.disableUser(id);
  if (devices === null) return 'unknown';
  if (devices === 'last-admin') return devices;
  tellEnded({ events }, id, devices);
  return 'done';
}

export const enableAccount = async ({ store }: AdminDeps, id: UserId): Promise<'done' | 'unknown'> =>
  (await store.enableUser(id)) === 'enabled' ? 'done' : 'unknown';

export async function deleteAccountOf(deps: AdminDeps, id: UserId): Promise<Removed> {
  const user = await deps.store.userById(id);
  if (user === null || user.deleted) return 'unknown';
  return removeAccount(deps, id);
}

/** A link by which the person chooses a new password; the one before it works no longer. Null for no account. */
export async function makeResetLink(deps: AdminDeps, id: UserId): Promise<MadeLink | null> {
  const code = newLinkCode();
  const expiresAt = deps.clock.now() + RESET_MS;
  const outcome = await deps.store.offerReset(id, codeHash(deps.refreshKey, 'reset', code), expiresAt);
  return outcome === 'offered' ? { code, expiresAt } : null;
}

/** Whose password a reset link may change now. */
export const accountOfReset = ({ store, clock, refreshKey }: Omit<AdminDeps, 'events'>, code: string) =>
  store.resetOf(codeHash(refreshKey, 'reset', code), clock.now());

/** The new password, by the link; no device stays signed in. */
export async function resetPassword(
  deps: AdminDeps & { passwords: Passwords },
  code: string,
  loginSecret: string,
): Promise<Result<DeviceId[], 'invalid-code' | 'busy'>> {
  // Nobody's guess is worth a hash.
  if ((await accountOfReset(deps, code)) === null) return err('invalid-code');
  const hash = await deps.passwords.hash(loginSecret, 'anybody');
  if (!hash.ok) return hash;
  const done = await deps.store.redeemReset(codeHash(deps.refreshKey, 'reset', code), hash.value, deps.clock.now());
  if (done === null) return err('invalid-code');
  tellEnded(deps, done.userId, done.devices);
  return ok(done.devices);
}

/** The code of the unused set-up link, which is made if there is none; undefined while the installation has an admin. */
export async function offerSetUp({
  store,
  refreshKey,
}: Pick<AdminDeps, 'store' | 'refreshKey'>): Promise<string | undefined> {
  const seal = await store.offerSetUp(setUpSeal(refreshKey, newLinkCode()));
  return seal === null ? undefined : setUpCode(refreshKey, seal);
}
