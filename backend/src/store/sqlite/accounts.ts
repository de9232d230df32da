import type { Settings } from '#protocol/api/account';
import type { DeviceId, UserId } from '#protocol/ids';
import { foldUsername } from '#protocol/username';
import { DELETED, NEW_SETTINGS } from '../account-defaults.ts';
import { bounded, pageOf, readCursor, writeCursor } from '../cursor.ts';
import { nameKeys, searchRanges } from '../name-search.ts';
import { bytes, maybe, text } from './columns.ts';
import type { Database, Row } from './database.ts';
import { forgetDevicesExcept, newDevice } from './devices.ts';
import { exists, userRow } from './user-row.ts';
import type { NewDevice, NewUser, UserRow } from '../accounts.ts';
import type { BadCursor, StorePage } from '../page.ts';

const withHash = (row: Row): { user: UserRow; passwordHash: string } => ({
  user: userRow(row),
  passwordHash: text(row['passwordHash']),
});

function searchUsers(
  db: Database,
  prefix: string,
  cursor: string | undefined,
  limit: number,
): StorePage<UserRow> | BadCursor {
  const behind = readCursor('users', ['string'], cursor, ['']);
  if (!behind) return 'bad-cursor';
  const { username, name } = searchRanges(prefix);
  const most = bounded(limit);
  const rows = db.all`
    SELECT * FROM account
    WHERE disabled = 0 AND username > ${behind[0]}
      AND (username >= ${username.from} AND username < ${username.below}
        OR id IN (SELECT user FROM nameKey WHERE key >= ${name.from} AND key < ${name.below}))
    ORDER BY username LIMIT ${most + 1}`;
  return pageOf(
    rows.map(userRow),
    most,
    user => user,
    last => writeCursor('users', [last.username]),
  );
}

export const accountReads = {
  userById: (db: Database, id: UserId): UserRow | null =>
    maybe(db.get`SELECT * FROM account WHERE id = ${id}`, userRow),
  usersById: (db: Database, ids: readonly UserId[]): UserRow[] =>
    db.all`SELECT * FROM account WHERE id IN (SELECT value FROM json_each(${JSON.stringify(ids)}))`.map(userRow),
  credentials: (db: Database, username: string) =>
    maybe(db.get`SELECT * FROM account WHERE username = ${foldUsername(username)}`, withHash),
  credentialsById: (db: Database, id: UserId) =>
    maybe(db.get`SELECT * FROM account WHERE id = ${id} AND username IS NOT NULL`, withHash),
  searchUsers,
  avatar: (db: Database, id: UserId, version: string): { type: string; bytes: Uint8Array } | null =>
    maybe(db.get`SELECT type, bytes FROM avatar WHERE user = ${id} AND version = ${version}`, row => ({
      type: text(row['type']),
      bytes: bytes(row['bytes']),
    })),
};

function setNameKeys(db: Database, id: UserId, displayName: string): void {
  db.run`DELETE FROM nameKey WHERE user = ${id}`;
  for (const key of nameKeys(displayName)) db.run`INSERT INTO nameKey (key, user) VALUES (${key}, ${id})`;
}

/** The account and its first device, inside the transaction of whoever asks. */
export function createUser(db: Database, user: NewUser, device: NewDevice): 'created' | 'username-taken' {
  const username = foldUsername(user.username);
  if (username === DELETED.username || db.has`SELECT 1 FROM user WHERE username = ${username}`) return 'username-taken';
  db.run`
    INSERT INTO user (id, username, displayName, passwordHash, role, settings, createdAt)
    VALUES (${user.id}, ${username}, ${user.displayName}, ${user.passwordHash}, ${user.role},
      ${JSON.stringify(NEW_SETTINGS)}, ${user.at})`;
  setNameKeys(db, user.id, user.displayName);
  newDevice(db, device);
  return 'created';
}

function updateProfile(db: Database, id: UserId, displayName: string): void {
  const changed = db.run`UPDATE user SET displayName = ${displayName} WHERE id = ${id} AND username IS NOT NULL`;
  if (changed > 0) setNameKeys(db, id, displayName);
}

function updateSettings(db: Database, id: UserId, changed: Settings): void {
  db.run`UPDATE user SET settings = ${JSON.stringify(changed)} WHERE id = ${id}`;
}

function setAvatar(
  db: Database,
  id: UserId,
  avatar: { version: string; type: string; bytes: Uint8Array } | null,
): void {
  db.run`DELETE FROM avatar WHERE user = ${id}`;
  if (!avatar || !exists(db, id)) return;
  db.run`INSERT INTO avatar (user, version, type, bytes)
    VALUES (${id}, ${avatar.version}, ${avatar.type}, ${avatar.bytes})`;
}

function changePassword(db: Database, id: UserId, passwordHash: string, keep: DeviceId): DeviceId[] {
  db.run`UPDATE user SET passwordHash = ${passwordHash} WHERE id = ${id} AND username IS NOT NULL`;
  db.run`DELETE FROM resetLink WHERE user = ${id}`;
  return forgetDevicesExcept(db, id, keep);
}

export const accountWrites = { createUser, updateProfile, updateSettings, setAvatar, changePassword };
