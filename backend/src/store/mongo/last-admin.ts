import type { UserId } from '#protocol/ids';
import { SETTLED_MS, type MongoBase } from './base.ts';
import { living } from './user-row.ts';

/** A filter: an admin who can sign in. */
export const activeAdmin = { role: 'admin' as const, disabled: false, username: { $exists: true } };

/**
 * S46. Takes an account out of the admins by `act`, unless it is the last one. There is no document that all admins share, so who goes
 * says so first (`goingAt`) and looks for others then: of two at once at least one sees the other's mark, and refuses. Both may, which
 * costs a second try. A mark that a crash has left counts for `SETTLED_MS`.
 */
export async function unlessLastAdmin<T>(
  { users, now }: Pick<MongoBase, 'users' | 'now'>,
  id: UserId,
  act: () => Promise<T>,
): Promise<T | 'last-admin'> {
  const going = await users.updateOne({ ...activeAdmin, _id: id }, { $set: { goingAt: now() } });
  if (going.matchedCount === 0) return act();
  try {
    const stays = { $not: { $gt: now() - SETTLED_MS } };
    const other = await users.exists({ ...activeAdmin, _id: { $ne: id }, goingAt: stays });
    return other === null ? 'last-admin' : await act();
  } finally {
    await users.updateOne(living(id), { $unset: { goingAt: 1 } });
  }
}
