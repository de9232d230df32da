import { createHash } from 'node:crypto';
import { relaysCalls, type Person, type Settings } from '#protocol/api/account';
import { shownName } from '#protocol/display-name';
import type { Who } from '../auth/authenticate.ts';
import type { Delivery } from '../events/event.ts';
import type { Events } from '../events/event-hub.ts';
import type { UserRow } from '../store/accounts.ts';
import type { Store } from '../store/store.ts';
import { avatarType } from './avatar.ts';

export type ProfileDeps = { store: Store; events: Events };

/** An account as others see it. */
export const personOf = ({ id, username, displayName, avatar, deleted }: UserRow): Person => ({
  id,
  username,
  displayName: shownName({ username, displayName }),
  ...(avatar === null ? {} : { avatar }),
  ...(deleted ? { deleted } : {}),
});

/**
 * Tells a user's own other devices, and those who have the user as a contact, to look again. Whom the user has blocked
 * is told nothing: somebody who is not there changes nothing.
 */
async function tellChanged({ store, events }: ProfileDeps, who: Who): Promise<void> {
  const contacts = (await store.acceptedContacts(who.userId)).filter(({ blockedByMe }) => !blockedByMe);
  const frame = { type: 'contacts.changed' } as const;
  const others = contacts.map(({ userId }): Delivery => ({ userId, frame }));
  events.say({ kind: 'deliver', deliveries: [{ userId: who.userId, except: who.deviceId, frame }, ...others] });
}

export async function changeDisplayName(deps: ProfileDeps, who: Who, displayName: string): Promise<void> {
  await deps.store.updateProfile(who.userId, displayName);
  await tellChanged(deps, who);
}

export async function changeSettings({ store, events }: ProfileDeps, who: Who, settings: Settings): Promise<void> {
  await store.updateSettings(who.userId, settings);
  events.say({ kind: 'settings-changed', userId: who.userId, relayCalls: relaysCalls(settings) });
  events.say({
    kind: 'deliver',
    deliveries: [{ userId: who.userId, except: who.deviceId, frame: { type: 'contacts.changed' } }],
  });
}

/** Keeps a picture under a version made of its bytes; `unsupported` unless the bytes are an image of a known type. */
export async function changeAvatar(deps: ProfileDeps, who: Who, bytes: Uint8Array): Promise<'changed' | 'unsupported'> {
  const type = avatarType(bytes);
  if (type === undefined) return 'unsupported';
  const version = createHash('sha256').update(bytes).digest('hex').slice(0, 16);
  await deps.store.setAvatar(who.userId, { version, type, bytes });
  await tellChanged(deps, who);
  return 'changed';
}

export async function removeAvatar(deps: ProfileDeps, who: Who): Promise<void> {
  await deps.store.setAvatar(who.userId, null);
  await tellChanged(deps, who);
}
