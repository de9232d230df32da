import { settings, type Settings } from '#protocol/api/account';
import type { UserId } from '#protocol/ids';
import { DELETED } from '../account-defaults.ts';
import type { UserDocument } from './documents.ts';
import type { Collections } from './schemas.ts';
import type { UserRow } from '../accounts.ts';

/** What a row is made of, for `select`: neither hash nor devices are read where they are not asked for. */
export const ROW_FIELDS = 'username displayName avatar role disabled settings createdAt';

/** As they are kept, without what the driver adds. */
export const readSettings = (kept: Settings): Settings => settings.parse({ ...kept });

export function userRow(user: UserDocument): UserRow {
  const { _id: id, username, displayName, avatar, role, disabled, settings: kept, createdAt } = user;
  return {
    id,
    avatar: avatar?.version ?? null,
    role,
    disabled,
    createdAt,
    deleted: username === undefined,
    username: username ?? DELETED.username,
    displayName: username === undefined ? DELETED.displayName : displayName,
    settings: readSettings(kept),
  };
}

/** A filter: such an account that is not deleted. */
export const living = (id: UserId) => ({ _id: id, username: { $exists: true } });

/** Those of these who are not deleted. */
export const livingAmong = async ({ users }: Pick<Collections, 'users'>, ids: readonly UserId[]): Promise<UserId[]> =>
  (await users.find({ _id: { $in: [...ids] }, username: { $exists: true } }, { _id: 1 }).lean()).map(user => user._id);
