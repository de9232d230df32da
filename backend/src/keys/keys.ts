import type {
  CrossSigning,
  InboxPage,
  KeysClaimed,
  KeysFound,
  KeyStateChange,
  SignaturesUpload,
  SignaturesUploaded,
  ToDevice,
} from '#protocol/keys/api';
import { UUID, type DeviceAddress, type DeviceId, type UserId } from '#protocol/ids';
import { DEVICE_UNHEARD_MS, INBOX_PAGE_ROWS, KEYS_PAGE_BYTES } from '#protocol/keys/limits';
import {
  keyUserOf,
  userIdOf,
  type KeyDeviceId,
  type KeyUser,
  type ONE_TIME_ALGORITHM,
  type Opaque,
} from '#protocol/keys/objects';
import type { Clock } from '../clock.ts';
import type { Delivery } from '../events/event.ts';
import type { Events } from '../events/event-hub.ts';
import { logFailure } from '../store/store-error.ts';
import type { Logger } from '../log.ts';
import type { Claim, KeyAddress, KeyringRow } from '../store/keys.ts';
import type { Store } from '../store/store.ts';
import type { KeyringRule, RuleAnswer, RuleInput } from './keyring.ts';
import { shownTo } from './shown.ts';

export type KeysDeps = { store: Store; clock: Clock; events: Events; log: Logger };

/** Whom `me` may ask about and write to: those they share with, and themselves. */
async function knownTo({ store }: Pick<KeysDeps, 'store'>, me: UserId): Promise<Set<UserId>> {
  return new Set([...(await store.sharing(me)), me]);
}

const stateTold = (userId: UserId, state: KeyStateChange): Delivery => ({
  userId,
  frame: { type: 'keys.state', state },
});

/** Sends `keys.state` to the user's devices and to the people who share a conversation with them. Never rejects: failures are logged. */
export async function tellChanged({ store, events, log }: KeysDeps, userId: UserId): Promise<void> {
  try {
    const [changes, users] = await Promise.all([store.lastKeyChange(userId), knownTo({ store }, userId)]);
    events.say({ kind: 'deliver', deliveries: Array.from(users, user => stateTold(user, { changes })) });
  } catch (error) {
    logFailure(log, error, 'a change of keys could not be told');
  }
}

/**
 * Changes what a person has published, by a rule of the keyring; tells others where what they are shown has changed.
 * @returns what the rule answers; `unknown`: there is no such account
 */
export async function changeKeyring<R extends KeyringRule>(
  deps: KeysDeps,
  rule: R,
  userId: UserId,
  input: RuleInput<R>,
): Promise<RuleAnswer<R> | 'unknown'> {
  const { answer, forOthers } = await deps.store.changeKeyring(rule, userId, input);
  if (forOthers) await tellChanged(deps, userId);
  return answer;
}

const entriesOf = <V>(all: Record<KeyUser, V>): [UserId, V][] =>
  (Object.entries(all) as [KeyUser, V][]).map(([user, value]) => [userIdOf(user), value]);

/** Devices, identities and lists of those of `users` whom the asker knows, as many as fit into a page. */
export async function queryKeys(deps: KeysDeps, me: UserId, users: readonly UserId[]): Promise<KeysFound> {
  const known = await knownTo(deps, me);
  const asked = [...new Set(users)].filter(user => known.has(user));
  const found: KeysFound = {
    device_keys: {},
    master_keys: {},
    self_signing_keys: {},
    user_signing_keys: {},
    device_lists: {},
    failures: {},
    unanswered: [],
  };
  const [mine] = await deps.store.keyrings([me]);
  let taken = 0;
  for (let i = 0; i < asked.length; i += QUERIED_AT_ONCE) {
    const rows = await deps.store.keyrings(asked.slice(i, i + QUERIED_AT_ONCE));
    for (const [j, row] of rows.entries()) {
      const shown = shownTo(row, me, mine?.ring.signedOthers ?? []);
      taken += Buffer.byteLength(JSON.stringify(shown));
      if (taken > KEYS_PAGE_BYTES && i + j > 0) return { ...found, unanswered: asked.slice(i + j).map(keyUserOf) };
      for (const part of PARTS) Object.assign(found[part], shown[part]);
    }
  }
  return found;
}
/** So many people's keys are read at once. */
const QUERIED_AT_ONCE = 50;
const PARTS = ['device_keys', 'master_keys', 'self_signing_keys', 'user_signing_keys', 'device_lists'] as const;

type ClaimAsked = Record<KeyUser, Record<string, typeof ONE_TIME_ALGORITHM>>;

/**
 * A key of each of these devices.
 * @param mayTake whether a one-time key may be used up for this device now, or the fallback key has to do
 */
export async function claimKeys(
  deps: KeysDeps,
  me: UserId,
  asked: ClaimAsked,
  mayTake: (of: KeyAddress) => Promise<boolean>,
): Promise<KeysClaimed> {
  const known = await knownTo(deps, me);
  const of = entriesOf(asked)
    .filter(([userId]) => known.has(userId))
    .flatMap(([userId, devices]) =>
      Object.keys(devices).map((deviceId): KeyAddress => ({ userId, deviceId: deviceId as KeyDeviceId })),
    );
  const claims: Claim[] = await Promise.all(of.map(async one => ({ ...one, oneTime: await mayTake(one) })));
  const claimed = await deps.store.claimKeys(claims, deps.clock.now());
  const answer: KeysClaimed = { one_time_keys: {}, failures: {} };
  for (const [i, key] of claimed.entries()) {
    const claim = claims[i];
    if (!key || !claim) continue;
    const user = keyUserOf(claim.userId);
    const devices = (answer.one_time_keys[user] ??= {});
    devices[claim.deviceId] = { [key.name]: key.key };
  }
  await tellCounts(
    deps,
    claims.filter((_, i) => claimed[i]),
  );
  return answer;
}

/**
 * Devices whose keys were claimed hear how many are left, so that they make new ones; a dehydrated device has no session.
 * Never rejects: the keys are used up, and the one who asked must get them.
 */
async function tellCounts({ store, events, log }: KeysDeps, claimed: readonly KeyAddress[]): Promise<void> {
  const of = claimed.flatMap(({ userId, deviceId }) => (isSignedInId(deviceId) ? [{ userId, deviceId }] : []));
  try {
    const counts = await store.keyCounts(of);
    const deliveries = of.flatMap(({ userId, deviceId }, i) => {
      const state = counts[i];
      return state ? [{ ...stateTold(userId, state), only: deviceId }] : [];
    });
    events.say({ kind: 'deliver', deliveries });
  } catch (error) {
    logFailure(log, error, 'the keys that are left could not be told');
  }
}

/** Whether it is an id of the server's; a dehydrated device is called after its key. */
const isSignedInId = (id: KeyDeviceId): id is DeviceId => UUID.test(id);

/** Gives each receiver its event; the answer names the inboxes that were full. */
export async function sendToDevice(
  deps: KeysDeps,
  from: DeviceAddress,
  txn: string,
  { type, messages }: ToDevice,
): Promise<Record<KeyUser, KeyDeviceId[]> | undefined> {
  const known = await knownTo(deps, from.userId);
  const asked = entriesOf<Record<string, Opaque>>(messages).filter(([userId]) => known.has(userId));
  const rows = await deps.store.keyrings(asked.map(([userId]) => userId));
  const at = deps.clock.now();
  const events = asked.flatMap(([, devices], i) => {
    const row = rows[i];
    return row ? receiversOf(row, devices, from, at) : [];
  });
  const { given, full } = await deps.store.sendToDevice({ from, txn, type, events, at });
  const deliveries = given.map(({ userId, deviceId, number }) => ({
    ...stateTold(userId, { inbox: number }),
    only: deviceId as DeviceAddress['deviceId'],
  }));
  deps.events.say({ kind: 'deliver', deliveries });
  if (full.length === 0) return undefined;
  const byUser: Record<KeyUser, KeyDeviceId[]> = {};
  for (const { userId, deviceId } of full) (byUser[keyUserOf(userId)] ??= []).push(deviceId);
  return byUser;
}

/** Devices of a person that were heard of lately, and dehydrated ones; `*` is every signed-in one but the sender. */
function receiversOf(
  { userId, ring, seen }: KeyringRow,
  devices: Record<string, Opaque>,
  from: DeviceAddress,
  at: number,
) {
  const heard = ring.devices.map(({ id }) => id).filter(id => (seen.get(id) ?? 0) > at - DEVICE_UNHEARD_MS);
  const named: readonly KeyDeviceId[] = [...heard, ...ring.dehydrated.map(({ id }) => id)];
  const { '*': all, ...each } = devices;
  const toEach = JSON.stringify(all);
  const toAll = all === undefined ? [] : heard.filter(id => id !== from.deviceId && !(id in each));
  return [
    ...named.filter(id => id in each).map(deviceId => ({ userId, deviceId, content: JSON.stringify(each[deviceId]) })),
    ...toAll.map(deviceId => ({ userId, deviceId, content: toEach })),
  ];
}

/** A page of an inbox, of one's own device or a dehydrated one. */
export async function inboxPage(
  { store }: Pick<KeysDeps, 'store'>,
  of: KeyAddress,
  { after = 0, limit = INBOX_PAGE_ROWS }: { after?: number | undefined; limit?: number | undefined },
): Promise<InboxPage> {
  const { rows, head } = await store.inboxRows(of, after, { limit, bytes: KEYS_PAGE_BYTES });
  const items = rows.map(({ number, sender, type, content }) => ({
    number,
    event: { sender, type, content: JSON.parse(content) as Opaque },
  }));
  return { items, upTo: rows.at(-1)?.number ?? after, head };
}

/** Takes one's own new signatures. */
export async function addSignatures(
  deps: KeysDeps,
  me: UserId,
  signed: SignaturesUpload,
): Promise<SignaturesUploaded | 'unknown' | 'no-room'> {
  const known = await knownTo(deps, me);
  const users = entriesOf(signed).map(([userId]) => userId);
  const rows = await deps.store.keyrings(users.filter(userId => userId !== me && known.has(userId)));
  const others = rows.flatMap(({ userId, ring }) =>
    ring.identity ? [{ user: keyUserOf(userId), master: ring.identity.master }] : [],
  );
  const failed = await changeKeyring(deps, 'addSignatures', me, { user: me, signed, others });
  const failures: SignaturesUploaded['failures'] = {};
  if (typeof failed === 'string') return failed;
  for (const { user, id, reason } of failed) (failures[user] ??= {})[id] = REASONS[reason];
  return { failures };
}
/** As Matrix says it (client-server API, "POST /keys/signatures/upload"). */
const REASONS = {
  'not-found': { errcode: 'M_NOT_FOUND', error: 'There is no such object.' },
  another: { errcode: 'M_INVALID_PARAM', error: 'The object there is another one.' },
};

/** Whether all parts of an identity, and the list beside it, are of this person, each for its own use. */
export function isIdentityOf(user: UserId, keys: CrossSigning): boolean {
  const parts = [keys.master_key, keys.self_signing_key, keys.user_signing_key];
  const uses = ['master', 'self_signing', 'user_signing'];
  return parts.every(({ user_id, usage }, i) => user_id === keyUserOf(user) && usage[0] === uses[i]);
}

/** Whether these are the keys of this device: they name it, and no other. */
export const areKeysOf = (
  keys: { user_id: KeyUser; device_id: KeyDeviceId; keys: Record<string, string> },
  userId: UserId,
  deviceId: KeyDeviceId,
): boolean =>
  keys.user_id === keyUserOf(userId) &&
  keys.device_id === deviceId &&
  Object.keys(keys.keys).sort().join() === `curve25519:${deviceId},ed25519:${deviceId}`;
