import type { Role } from '#protocol/api/account';
import type { DeviceId, UserId } from '#protocol/ids';
import { bounded, pageOf, readCursor, writeCursor } from '../cursor.ts';
import { createUser } from './accounts.ts';
import { column, integer, maybe, nullable, text } from './columns.ts';
import type { Database, Row } from './database.ts';
import { forgetDevices } from './devices.ts';
import { exists, isLastAdmin, userRow } from './user-row.ts';
import type { NewDevice, NewUser, UserRow } from '../accounts.ts';
import type { AccountRow } from '../admin.ts';
import type { BadCursor, StorePage } from '../page.ts';

const lastSeen = column('lastSeen', nullable(integer));
const accountRow = (row: Row): AccountRow => ({ ...userRow(row), lastSeen: lastSeen(row) });

function accounts(db: Database, cursor: string | undefined, limit: number): StorePage<AccountRow> | BadCursor {
  const behind = readCursor('accounts', ['string'], cursor, ['']);
  if (!behind) return 'bad-cursor';
  const most = bounded(limit);
  const rows = db.all`
    SELECT account.*, (SELECT max(lastSeen) FROM device WHERE userId = account.id) AS lastSeen
    FROM account WHERE username > ${behind[0]} ORDER BY username LIMIT ${most + 1}`;
  return pageOf(
    rows.map(accountRow),
    most,
    row => row,
    last => writeCursor('accounts', [last.username]),
  );
}

const hasAdmin = (db: Database): boolean =>
  db.has`SELECT 1 FROM user WHERE role = 'admin' AND username IS NOT NULL AND disabled = 0`;
const isSetUpOpen = (db: Database, seal: string): boolean =>
  db.has`SELECT 1 FROM setUpLink WHERE seal = ${seal}` && !hasAdmin(db);
const resetOf = (db: Database, codeHash: string, at: number): UserRow | null =>
  maybe(
    db.get`SELECT account.* FROM resetLink JOIN account ON account.id = user
      WHERE codeHash = ${codeHash} AND expiresAt > ${at} AND disabled = 0`,
    userRow,
  );

export const adminReads = { accounts, hasAdmin, isSetUpOpen, resetOf };

function disableUser(db: Database, id: UserId): DeviceId[] | null | 'last-admin' {
  if (!exists(db, id)) return null;
  if (isLastAdmin(db, id)) return 'last-admin';
  db.run`UPDATE user SET disabled = 1 WHERE id = ${id}`;
  db.run`DELETE FROM resetLink WHERE user = ${id}`;
  return forgetDevices(db, id);
}

const changed = (rows: number): 'changed' | 'unknown' => (rows > 0 ? 'changed' : 'unknown');
function setRole(db: Database, id: UserId, role: Role): 'changed' | 'unknown' {
  const outcome = changed(db.run`UPDATE user SET role = ${role} WHERE id = ${id} AND username IS NOT NULL`);
  endLink(db);
  return outcome;
}

function enableUser(db: Database, id: UserId): 'enabled' | 'unknown' {
  const rows = db.run`UPDATE user SET disabled = 0 WHERE id = ${id} AND username IS NOT NULL`;
  endLink(db);
  return rows > 0 ? 'enabled' : 'unknown';
}

/** S43: a link that nobody has used dies when there is an admin, so that it opens nothing when that one goes. */
function endLink(db: Database): void {
  if (hasAdmin(db)) db.run`DELETE FROM setUpLink`;
}

function offerSetUp(db: Database, seal: string): string | null {
  if (hasAdmin(db)) return null;
  db.run`INSERT INTO setUpLink (one, seal) VALUES (1, ${seal}) ON CONFLICT DO NOTHING`;
  return maybe(db.get`SELECT seal FROM setUpLink`, column('seal', text));
}

function redeemSetUp(
  db: Database,
  seal: string,
  user: NewUser,
  device: NewDevice,
): 'created' | 'username-taken' | 'unknown' {
  if (!isSetUpOpen(db, seal)) return 'unknown';
  const outcome = createUser(db, { ...user, role: 'admin' }, device);
  if (outcome === 'created') db.run`DELETE FROM setUpLink`;
  return outcome;
}

function claimSetUp(db: Database, seal: string, userId: UserId): 'claimed' | 'unknown' {
  if (!isSetUpOpen(db, seal) || setRole(db, userId, 'admin') === 'unknown') return 'unknown';
  db.run`DELETE FROM setUpLink`;
  return 'claimed';
}

function offerReset(db: Database, id: UserId, codeHash: string, expiresAt: number): 'offered' | 'unknown' {
  if (!exists(db, id)) return 'unknown';
  db.run`INSERT INTO resetLink (user, codeHash, expiresAt) VALUES (${id}, ${codeHash}, ${expiresAt})
    ON CONFLICT (user) DO UPDATE SET codeHash = excluded.codeHash, expiresAt = excluded.expiresAt`;
  return 'offered';
}

function redeemReset(
  db: Database,
  codeHash: string,
  passwordHash: string,
  at: number,
): { userId: UserId; devices: DeviceId[] } | null {
  const user = resetOf(db, codeHash, at);
  if (user === null) return null;
  db.run`DELETE FROM resetLink WHERE codeHash = ${codeHash}`;
  db.run`UPDATE user SET passwordHash = ${passwordHash} WHERE id = ${user.id}`;
  return { userId: user.id, devices: forgetDevices(db, user.id) };
}

export const adminWrites = {
  disableUser,
  enableUser,
  setRole,
  offerSetUp,
  redeemSetUp,
  claimSetUp,
  offerReset,
  redeemReset,
};
