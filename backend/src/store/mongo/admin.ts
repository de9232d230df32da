import type { DeviceId, UserId } from '#protocol/ids';
import { bounded, pageOf, readCursor, writeCursor } from '../cursor.ts';
import type { MongoBase, Unbound } from './base.ts';
import type { UserDocument } from './documents.ts';
import { settleGone } from './keyrings.ts';
import { unlessLastAdmin } from './last-admin.ts';
import { living, ROW_FIELDS, userRow } from './user-row.ts';
import type { AccountRow, AdminStore } from '../admin.ts';

type Names = 'accounts' | 'disableUser' | 'enableUser' | 'setRole' | 'offerReset' | 'resetOf' | 'redeemReset';
type Verbs = Unbound<Pick<AdminStore, Names>>;

const accountRow = (user: UserDocument): AccountRow => {
  const seen = user.devices.map(({ lastSeen }) => lastSeen);
  return { ...userRow(user), lastSeen: seen.length === 0 ? null : Math.max(...seen) };
};

const accounts: Verbs['accounts'] = async ({ users }, cursor, limit) => {
  const behind = readCursor('accounts', ['string'], cursor, ['']);
  if (!behind) return 'bad-cursor';
  const most = bounded(limit);
  const found = await users
    .find({ username: { $gt: behind[0] } }, `${ROW_FIELDS} devices.lastSeen`)
    .sort({ username: 1 })
    .limit(most + 1)
    .lean();
  return pageOf(found, most, accountRow, last => writeCursor('accounts', [last.username ?? '']));
};

/** A reset link that can be used at `at`. The link is in the account, so that one write uses it and does what it is for. */
const withReset = (codeHash: string, at: number) => ({
  'reset.codeHash': codeHash,
  'reset.expiresAt': { $gt: at },
  disabled: false,
});

const NOTHING_SIGNED_IN = { devices: [] };
const idsOf = (user: { _id: UserId; devices: { id: DeviceId }[] }): DeviceId[] => user.devices.map(({ id }) => id);

const redeemReset: Verbs['redeemReset'] = async (base, codeHash, passwordHash, at) => {
  const $set = { passwordHash, ...NOTHING_SIGNED_IN, keysOwedAt: base.now() };
  const before = await base.users
    .findOneAndUpdate(withReset(codeHash, at), { $set, $unset: { reset: 1 } })
    .select('devices.id')
    .lean();
  if (!before) return null;
  await settleGone(base, before._id, idsOf(before));
  return { userId: before._id, devices: idsOf(before) };
};

const disableUser: Verbs['disableUser'] = (base, id) => unlessLastAdmin(base, id, () => disable(base, id));

const disable = async (base: MongoBase, id: UserId): Promise<DeviceId[] | null> => {
  const $set = { disabled: true, ...NOTHING_SIGNED_IN, keysOwedAt: base.now() };
  const before = await base.users
    .findOneAndUpdate(living(id), { $set, $unset: { reset: 1 } })
    .select('devices.id')
    .lean();
  if (!before) return null;
  await settleGone(base, id, idsOf(before));
  return idsOf(before);
};

/** S43, before there is an admin by another way: a crash between the two costs a new link, never leaves one that opens later. */
const endLink = ({ setUpLinks }: MongoBase) => setUpLinks.deleteMany({});

export const adminVerbs: Verbs = {
  accounts,
  disableUser,
  redeemReset,
  enableUser: async (base, id) => {
    const { users } = base;
    if ((await users.exists({ ...living(id), role: 'admin' })) !== null) await endLink(base);
    const { matchedCount } = await users.updateOne(living(id), { $set: { disabled: false } });
    return matchedCount > 0 ? 'enabled' : 'unknown';
  },
  setRole: async (base, id, role) => {
    const { users } = base;
    if (role === 'admin' && (await users.exists(living(id))) !== null) await endLink(base);
    const { matchedCount } = await users.updateOne(living(id), { $set: { role } });
    return matchedCount > 0 ? 'changed' : 'unknown';
  },
  offerReset: async ({ users }, id, codeHash, expiresAt) => {
    const { matchedCount } = await users.updateOne(living(id), { $set: { reset: { codeHash, expiresAt } } });
    return matchedCount > 0 ? 'offered' : 'unknown';
  },
  resetOf: async ({ users }, codeHash, at) => {
    const found = await users.findOne(withReset(codeHash, at), ROW_FIELDS).lean();
    return found && userRow(found);
  },
};
