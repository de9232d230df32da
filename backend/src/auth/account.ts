import type { PasswordChange } from '#protocol/api/account';
import type { DeviceId, UserId } from '#protocol/ids';
import { err, ok, type Result } from '#protocol/result';
import type { Delivery, LiveSessions } from '../delivery.ts';
import { reachable } from '../store/reachable.ts';
import type { Store } from '../store/store.ts';
import type { Who } from './authenticate.ts';
import type { Passwords } from './passwords.ts';

export type AccountDeps = { store: Store; live: LiveSessions; passwords: Passwords };

const devicesChanged = (userId: UserId): Delivery => ({ userId, frame: { type: 'devices.changed' } });

/** Closes the sockets of devices that were removed, and tells those that are left. */
export function tellEnded({ live }: Pick<AccountDeps, 'live'>, userId: UserId, devices: readonly DeviceId[]): void {
  live.endDevices(devices);
  live.deliver([devicesChanged(userId)]);
}

/** Whether `loginSecret` is the one of the account of `who`. */
async function knowsSecret(deps: AccountDeps, who: Who, loginSecret: string): Promise<Result<void, Refused>> {
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
  { store, live }: { store: Store; live: Pick<LiveSessions, 'deliver' | 'endDevices' | 'relationChanged'> },
  userId: UserId,
): Promise<'done' | 'last-admin'> {
  const devices = await store.devicesOf(userId);
  const seeing = new Set(await reachable(store, userId));
  const contacts = await store.deleteUser(userId);
  if (contacts === 'last-admin') return contacts;
  live.endDevices(devices.map(({ id }) => id));
  for (const other of contacts)
    live.relationChanged({ by: userId, other, saw: seeing.has(other), sees: false, blocked: false });
  live.deliver(contacts.map(contact => ({ userId: contact, frame: { type: 'contacts.changed' } })));
  return 'done';
}
