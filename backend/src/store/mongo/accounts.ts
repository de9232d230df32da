import { foldUsername } from '#protocol/username';
import { DELETED, NEW_SETTINGS } from '../account-defaults.ts';
import { bounded, pageOf, readCursor, writeCursor } from '../cursor.ts';
import type { MongoBase, Unbound } from './base.ts';
import { newDeviceDocument } from './devices.ts';
import type { UserDocument } from './documents.ts';
import { isDuplicate } from './faults.ts';
import { living, ROW_FIELDS, userRow } from './user-row.ts';
import { nameKeys, searchRanges } from '../name-search.ts';
import type { AccountStore, NewDevice, NewUser, UserRow } from '../accounts.ts';

type Names =
  | 'createUser'
  | 'userById'
  | 'usersById'
  | 'credentials'
  | 'credentialsById'
  | 'searchUsers'
  | 'updateProfile'
  | 'updateSettings';
type Verbs = Unbound<Pick<AccountStore, Names>>;

const withHash = (user: UserDocument): { user: UserRow; passwordHash: string } => ({
  user: userRow(user),
  passwordHash: user.passwordHash,
});

/** The account and its first device are one document, so they are there together or not at all. */
const newUserDocument = (user: NewUser, device: NewDevice): UserDocument => ({
  _id: user.id,
  username: foldUsername(user.username),
  displayName: user.displayName,
  nameKeys: nameKeys(user.displayName),
  passwordHash: user.passwordHash,
  role: user.role,
  disabled: false,
  settings: NEW_SETTINGS,
  callsSeen: 0,
  createdAt: user.at,
  avatar: null,
  devices: [newDeviceDocument(device)],
});

/** Whether the name has an owner, or is one that nobody can have. */
export async function isTaken({ users }: MongoBase, username: string): Promise<boolean> {
  const folded = foldUsername(username);
  return folded === DELETED.username || (await users.exists({ username: folded })) !== null;
}

/** @param how what else the account is made with */
export async function insertUser(
  base: MongoBase,
  user: NewUser,
  device: NewDevice,
  how: Pick<UserDocument, 'setUp' | 'invited'> = {},
): Promise<'created' | 'username-taken'> {
  if (foldUsername(user.username) === DELETED.username) return 'username-taken';
  try {
    await base.users.insertOne({ ...newUserDocument(user, device), ...how });
    return 'created';
  } catch (error) {
    // Another index may have refused it first.
    if (isDuplicate(error) && (await isTaken(base, user.username))) return 'username-taken';
    throw error;
  }
}

const searchUsers: Verbs['searchUsers'] = async ({ users }, prefix, cursor, limit) => {
  const behind = readCursor('users', ['string'], cursor, ['']);
  if (!behind) return 'bad-cursor';
  const { username, name } = searchRanges(prefix);
  const most = bounded(limit);
  const starts = [
    { username: { $gte: username.from, $lt: username.below } },
    { nameKeys: { $elemMatch: { $gte: name.from, $lt: name.below } } },
  ];
  const found = await users
    .find({ disabled: false, username: { $gt: behind[0] }, $or: starts }, ROW_FIELDS)
    .sort({ username: 1 })
    .limit(most + 1)
    .lean();
  return pageOf(found, most, userRow, last => writeCursor('users', [last.username ?? '']));
};

export const accountVerbs: Verbs = {
  createUser: (base, user, device) => insertUser(base, user, device),
  searchUsers,
  userById: async ({ users }, id) => {
    const found = await users.findById(id, ROW_FIELDS).lean();
    return found && userRow(found);
  },
  usersById: async ({ users }, ids) => (await users.find({ _id: { $in: [...ids] } }, ROW_FIELDS).lean()).map(userRow),
  credentials: async ({ users }, username) => {
    const found = await users.findOne({ username: foldUsername(username) }, `${ROW_FIELDS} passwordHash`).lean();
    return found && withHash(found);
  },
  credentialsById: async ({ users }, id) => {
    const found = await users.findOne(living(id), `${ROW_FIELDS} passwordHash`).lean();
    return found && withHash(found);
  },
  updateProfile: async ({ users }, id, displayName) => {
    await users.updateOne(living(id), { $set: { displayName, nameKeys: nameKeys(displayName) } });
  },
  updateSettings: async ({ users }, id, settings) => {
    await users.updateOne(living(id), { $set: { settings } });
  },
};
