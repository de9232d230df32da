import type { PasswordChange } from '#protocol/api/account';
import type { DeviceId, UserId } from '#protocol/ids';
import { err, ok, type Result } from '#protocol/result';
import type { Delivery } from '../events/event.ts';
import type { Events } from '../events/event-hub.ts';
import { reachable } from '../store/reachable.ts';
import type { Store } from '../store/store.ts';
import type { Who } from './authenticate.ts';
import type { Passwords } from './passwords.ts';

export type AccountDeps = { store: Store; events: Events; passwords: Passwords };

const devicesChanged = (userId: UserId): Delivery => ({ userId, frame: { type: 'devices.changed' } });

/** Closes the sockets of devices that were removed, and tells those that are left. */
export function tellEnded({ events }: Pick<AccountDeps, 'events'>, userId: UserId, devices: readonly DeviceId[]): void {
  events.say({ kind: 'devices-removed', deviceIds: devices });
  events.say({ kind: 'keys-changed', userId });
  events.say({ kind: 'deliver', deliveries: [devicesChanged(userId)] });
}

/** Whether `loginSecret` is the one of the account of `who`. */
export async function knowsSecret(
  deps: Pick<AccountDeps, 'store' | 'passwords'>,
  who: Who,
  loginSecret: string,
): Promise<Result<void, Refused>> {
  const known = await deps.store.credentialsById(who.userId);
  const matches = await deps.passwords.matches(loginSecret, known?.passwordHash ?? null, 'proven');
  if (!matches.ok) return matches;
  return matches.value ? ok(undefined) : err('wrong-credentials');
}

type Refused = 'wrong-credentials' | 'busy';

/** The new password, and no other device stays signed in. */
export async function changePassword(
  deps: AccountDeps,
  who: Who,
  { currentSecret, newSecret }: PasswordChange,
): Promise<Result<void, Refused>> {
  const known = await knowsSecret(deps, who, currentSecret);
  if (!known.ok) return known;
  const hash = await deps.passwords.hash(newSecret, 'proven');
  if (!hash.ok) return hash;
  tellEnded(deps, who.userId, await deps.store.changePassword(who.userId, hash.value, who.deviceId));
  return ok(undefined);
}

/** Removes a device of one's own, be it this one. */
export async function removeDevice(deps: AccountDeps, who: Who, deviceId: DeviceId): Promise<'removed' | 'unknown'> {
  const outcome = await deps.store.removeDevice(who.userId, deviceId);
  if (outcome === 'removed') tellEnded(deps, who.userId, [deviceId]);
  return outcome;
}

export const logOut = (deps: AccountDeps, who: Who): Promise<unknown> => removeDevice(deps, who, who.deviceId);

/** Leaves only this device signed in. */
export async function signOutOthers(deps: AccountDeps, who: Who): Promise<void> {
  tellEnded(deps, who.userId, await deps.store.removeOtherDevices(who.userId, who.deviceId));
}

/** Takes the account away; those who had it as a contact are told that their lists have changed. */
export async function deleteAccount(
  deps: AccountDeps,
  who: Who,
  loginSecret: string,
): Promise<Result<void, Refused | 'last-admin'>> {
  const known = await knowsSecret(deps, who, loginSecret);
  if (!known.ok) return known;
  return (await removeAccount(deps, who.userId)) === 'done' ? ok(undefined) : err('last-admin');
}

/** Deletes an account and closes its sockets. The account of the last admin is kept. */
export async function removeAccount(
  { store, events }: { store: Store; events: Events },
  userId: UserId,
): Promise<'done' | 'last-admin'> {
  const devices = await store.devicesOf(userId);
  const seeing = new Set(await reachable(store, userId));
  const contacts = await store.deleteUser(userId);
  if (contacts === 'last-admin') return contacts;
  events.say({ kind: 'devices-removed', deviceIds: devices.map(({ id }) => id) });
  for (const other of contacts) {
    const change = { by: userId, other, saw: seeing.has(other), sees: false, blocked: false };
    events.say({ kind: 'relation-changed', change });
  }
  const deliveries = contacts.map((contact): Delivery => ({ userId: contact, frame: { type: 'contacts.changed' } }));
  events.say({ kind: 'deliver', deliveries });
  return 'done';
}
