import { randomUUID } from 'node:crypto';
import type { UpdateQuery } from 'mongoose';
import type { DeviceId, UserId } from '#protocol/ids';
import type { MongoBase, Unbound } from './base.ts';
import type { DeviceDocument, UserDocument } from './documents.ts';
import { settleGuest } from './guests.ts';
import { settleGone } from './keyrings.ts';
import { living, ROW_FIELDS, userRow } from './user-row.ts';
import type { AccountStore, DeviceRow, NewDevice } from '../accounts.ts';

type Names =
  | 'signInDevice'
  | 'device'
  | 'devicesOf'
  | 'deviceSecretHash'
  | 'touchDevice'
  | 'removeDevice'
  | 'removeOtherDevices'
  | 'changePassword';
type Verbs = Unbound<Pick<AccountStore, Names>>;

/** A device with the first token of a new family. */
export const newDeviceDocument = ({ id, name, secretHash, tokenHash, at }: NewDevice): DeviceDocument => ({
  id,
  name,
  secretHash,
  createdAt: at,
  lastSeen: at,
  rev: 0,
  family: newFamily(tokenHash, at),
});

const newFamily = (hash: string, at: number): DeviceDocument['family'] => ({
  id: randomUUID(),
  signedInAt: at,
  refreshedAt: at,
  tokens: [{ hash, gen: 1, supersededAt: null }],
});

const deviceRow = (userId: UserId, { id, name, createdAt, lastSeen }: DeviceDocument): DeviceRow => ({
  id,
  userId,
  name,
  createdAt,
  lastSeen,
});

/** What a row is made of; the tokens stay where they are. */
const DEVICE_FIELDS = 'devices.id devices.name devices.createdAt devices.lastSeen';
const FAMILY_FIELDS = 'devices.family.signedInAt devices.family.tokens.gen';

const signInDevice: Verbs['signInDevice'] = async ({ users }, device) => {
  const { id, userId, name, secretHash, tokenHash, at } = device;
  const again = { name, secretHash, lastSeen: at, family: newFamily(tokenHash, at) };
  const set = Object.fromEntries(Object.entries(again).map(([field, value]) => [`devices.$.${field}`, value]));
  const known = await users.updateOne(
    { ...living(userId), 'devices.id': id },
    { $set: set, $inc: { 'devices.$.rev': 1 } },
  );
  if (known.matchedCount > 0) return;
  // The unique index refuses a device of somebody else.
  const made = await users.updateOne(
    { ...living(userId), 'devices.id': { $ne: id } },
    { $push: { devices: newDeviceDocument(device) } },
  );
  if (made.matchedCount === 0) throw new Error('no such account, or its device came at the same time');
};

/** The one write ends the devices. */
async function forgetExcept(
  base: MongoBase,
  userId: UserId,
  keep: DeviceId,
  change: UpdateQuery<UserDocument> = {},
): Promise<DeviceId[]> {
  const $set = { ...change.$set, keysOwedAt: base.now() };
  const before = await base.users
    .findOneAndUpdate(living(userId), { ...change, $set, $pull: { devices: { id: { $ne: keep } } } })
    .select('devices.id')
    .lean();
  const gone = (before?.devices ?? []).map(({ id }) => id).filter(id => id !== keep);
  if (before) await settleGone(base, userId, gone);
  return gone;
}

const removeDevice: Verbs['removeDevice'] = async (base, userId, id) => {
  const { matchedCount } = await base.users.updateOne(
    { _id: userId, 'devices.id': id },
    { $pull: { devices: { id } }, $set: { keysOwedAt: base.now() } },
  );
  if (matchedCount === 0) return 'unknown';
  await settleGone(base, userId, [id]);
  return 'removed';
};

export const deviceVerbs: Verbs = {
  signInDevice,
  removeDevice,
  device: async (base, id) => {
    const user = await base.users
      .findOne({ 'devices.id': id }, `${ROW_FIELDS} ${DEVICE_FIELDS} ${FAMILY_FIELDS} invited`)
      .lean();
    const device = user?.devices.find(one => one.id === id);
    // Nobody meets an account of their own without the contact it was made with.
    if (user?.invited) await settleGuest(base, user._id, user.invited);
    if (!user || !device) return null;
    const { tokens, signedInAt } = device.family;
    return { device: deviceRow(user._id, device), user: userRow(user), family: tokens.length > 0 ? signedInAt : null };
  },
  devicesOf: async ({ users }, userId) => {
    const user = await users.findById(userId, DEVICE_FIELDS).lean();
    const rows = (user?.devices ?? []).map(device => deviceRow(userId, device));
    return rows.sort((one, other) => other.lastSeen - one.lastSeen || (one.id < other.id ? -1 : 1));
  },
  deviceSecretHash: async ({ users }, id) => {
    const user = await users.findOne({ 'devices.id': id }, 'devices.id devices.secretHash').lean();
    const device = user?.devices.find(one => one.id === id);
    return user && device ? { userId: user._id, secretHash: device.secretHash } : null;
  },
  touchDevice: async ({ users }, id, at) => {
    await users.updateOne({ 'devices.id': id }, { $max: { 'devices.$.lastSeen': at } });
  },
  removeOtherDevices: (base, userId, keep) => forgetExcept(base, userId, keep),
  changePassword: (base, userId, passwordHash, keep) =>
    forgetExcept(base, userId, keep, { $set: { passwordHash }, $unset: { reset: 1 } }),
};
