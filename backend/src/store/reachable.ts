import type { UserId } from '#protocol/ids';
import type { Store } from './store.ts';

/** The accepted contacts of `userId` where neither has blocked the other: who may see whom. */
export async function reachable(store: Pick<Store, 'acceptedContacts'>, userId: UserId): Promise<UserId[]> {
  const contacts = await store.acceptedContacts(userId);
  return contacts.filter(one => !one.blockedByMe && !one.blockedByThem).map(one => one.userId);
}
