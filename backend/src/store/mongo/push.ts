import type { DeviceId } from '#protocol/ids';
import type { MongoBase, Unbound } from './base.ts';
import { nextCount } from './counters.ts';
import type { DeviceDocument, PushDocument, UserDocument } from './documents.ts';
import type { PushRow, PushStore } from '../push.ts';

type Verbs = Unbound<PushStore>;

type Subscribed = { user: UserDocument; device: DeviceDocument; push: PushDocument };

const subscribed = (users: readonly UserDocument[]): Subscribed[] =>
  users.flatMap(user => user.devices.flatMap(device => (device.push ? [{ user, device, push: device.push }] : [])));

const FIELDS = 'disabled devices.id devices.push devices.rev devices.family';
const PUSH = { 'devices.push.endpoint': { $exists: true } };

/** What one write takes along: nobody sees an endpoint twice, though who had it before may keep it for a moment. */
function withoutOutdated(all: readonly Subscribed[]): Subscribed[] {
  const newest = new Map<string, number>();
  for (const { push } of all) newest.set(push.endpoint, Math.max(push.turn, newest.get(push.endpoint) ?? 0));
  return all.filter(({ push }) => push.turn === newest.get(push.endpoint));
}

/** Those who had this endpoint before `turn` have it no more. */
async function takeFromOthers(
  { users }: MongoBase,
  { endpoint, turn }: { endpoint: string; turn: number },
): Promise<void> {
  await users.updateMany(
    { 'devices.push.endpoint': endpoint },
    { $unset: { 'devices.$[outdated].push': 1 } },
    { arrayFilters: [{ 'outdated.push.endpoint': endpoint, 'outdated.push.turn': { $lt: turn } }] },
  );
}

/** The write to the device decides who has the endpoint, by the turn in it; from whoever had it before it goes after that. */
const subscribePush: Verbs['subscribePush'] = async (base, { deviceId, ...asked }) => {
  const push = { ...asked, turn: await nextCount(base, 'push') };
  const { matchedCount } = await base.users.updateOne({ 'devices.id': deviceId }, { $set: { 'devices.$.push': push } });
  if (matchedCount === 0) return 'unknown-device';
  await takeFromOthers(base, push);
  return 'subscribed';
};

const unsubscribePush: Verbs['unsubscribePush'] = async ({ users }, id, endpoint) => {
  const which = endpoint === undefined ? { id } : { id, 'push.endpoint': endpoint };
  await users.updateOne({ devices: { $elemMatch: which } }, { $unset: { 'devices.$.push': 1 } });
};

const toldPush: Verbs['toldPush'] = async ({ users }, id, endpoint, at) => {
  const which = { id, 'push.endpoint': endpoint };
  await users.updateOne({ devices: { $elemMatch: which } }, { $max: { 'devices.$.push.at': at } });
};

const pushSubscriptions: Verbs['pushSubscriptions'] = async ({ users }) => {
  const all = withoutOutdated(subscribed(await users.find(PUSH, FIELDS).lean()));
  const rows = all
    .filter(({ user }) => !user.disabled)
    .map(({ user, device, push: { turn: _, ...push } }): PushRow => ({
      ...push,
      deviceId: device.id,
      userId: user._id,
    }));
  return rows.sort((one, other) => (one.deviceId < other.deviceId ? -1 : 1));
};

type Stale = Parameters<PushStore['dropStalePush']>[0];
const isStale = ({ device: { family }, push }: Subscribed, { key, refreshedSince, signedInSince }: Stale): boolean =>
  push.key !== key ||
  family.refreshedAt < refreshedSince ||
  family.signedInAt < signedInSince ||
  family.tokens.length === 0;

/** Each drop stands for itself, and only what is still as it was read is dropped. */
const dropStalePush: Verbs['dropStalePush'] = async ({ users }, stale) => {
  const found = subscribed(await users.find(PUSH, FIELDS).lean()).filter(one => isStale(one, stale));
  const dropped: DeviceId[] = [];
  for (const { device, push } of found) {
    const same = { id: device.id, rev: device.rev, 'push.turn': push.turn };
    const { matchedCount } = await users.updateOne(
      { devices: { $elemMatch: same } },
      { $unset: { 'devices.$.push': 1 } },
    );
    if (matchedCount > 0) dropped.push(device.id);
  }
  return dropped;
};

/** Makes up for processes that ended between the two writes of `subscribePush`. */
export async function sweepPush(base: MongoBase): Promise<void> {
  const all = subscribed(await base.users.find(PUSH, FIELDS).lean());
  const held = new Set(withoutOutdated(all));
  for (const { push } of all.filter(one => !held.has(one))) {
    await takeFromOthers(base, { endpoint: push.endpoint, turn: push.turn + 1 });
  }
}

export const pushVerbs: Verbs = { subscribePush, unsubscribePush, toldPush, pushSubscriptions, dropStalePush };
