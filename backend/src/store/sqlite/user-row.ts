import { role, settings } from '#protocol/api/account';
import type { UserId } from '#protocol/ids';
import { DELETED } from '../account-defaults.ts';
import { flag, idText, integer, nullable, oneOf, text } from './columns.ts';
import type { Database, Row } from './database.ts';
import type { UserRow } from '../accounts.ts';

const roleColumn = oneOf(role.options);
const optionalText = nullable(text);
/** A row of the view `account`, whose columns another table's may accompany. */
export function userRow(row: Row): UserRow {
  const username = optionalText(row['username']);
  return {
    id: idText(row['id']),
    username: username ?? DELETED.username,
    displayName: username === null ? DELETED.displayName : text(row['displayName']),
    avatar: optionalText(row['avatar']),
    role: roleColumn(row['role']),
    disabled: flag(row['disabled']),
    deleted: username === null,
    settings: settings.parse(JSON.parse(text(row['settings']))),
    createdAt: integer(row['createdAt']),
  };
}

/** S46: whether this is the only admin who is not disabled. */
export const isLastAdmin = (db: Database, id: UserId): boolean =>
  db.has`SELECT 1 FROM user WHERE id = ${id} AND role = 'admin' AND disabled = 0 AND username IS NOT NULL` &&
  !db.has`SELECT 1 FROM user WHERE id <> ${id} AND role = 'admin' AND disabled = 0 AND username IS NOT NULL`;

/** Whether there is such an account and it is not deleted. */
export const exists = (db: Database, id: UserId): boolean =>
  db.has`SELECT 1 FROM user WHERE id = ${id} AND username IS NOT NULL`;
