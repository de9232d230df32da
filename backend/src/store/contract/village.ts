import { randomUUID } from 'node:crypto';
import type { UserId } from '#protocol/ids';
import type { Store } from '../store.ts';
import type { Kept } from '../transfer.ts';
import {
  active,
  befriend,
  ended,
  everyPage,
  newMessage,
  post,
  ringing,
  somebody,
  someFriends,
  times,
} from './people.ts';

/** Without the order in which engines come by it; what belongs to a conversation says so. */
export function sorted(entries: readonly Kept[]): string[] {
  let conversation = '';
  return entries
    .map(entry => {
      if (entry.kind === 'pair') conversation = entry.id;
      return JSON.stringify(entry.kind === 'message' ? { conversation, ...entry } : entry, (_, value: unknown) =>
        typeof value === 'object' && value !== null && !Array.isArray(value)
          ? Object.fromEntries(Object.entries(value).sort())
          : value,
      );
    })
    .sort();
}

const pictureOf = async (store: Store, id: UserId, version: string): Promise<string> => {
  const found = await store.avatar(id, version);
  return found ? `${found.type} ${Buffer.from(found.bytes).toString()}` : '';
};

/** What everybody is shown: of people, contacts, conversations, calls and pictures. */
export async function shownTo(store: Store, people: readonly UserId[]) {
  const shown = people.map(async id => {
    const conversations = await everyPage(cursor => store.conversationsOf(id, cursor, 50));
    const user = await store.userById(id);
    return {
      user,
      devices: await store.devicesOf(id),
      contacts: await everyPage(cursor => store.contactsOf(id, cursor, 50)),
      conversations,
      messages: await Promise.all(conversations.map(one => store.messagesSince(one.id, id, 0, 500))),
      calls: await everyPage(cursor => store.callsOf(id, cursor, 50)),
      seen: await store.callsSeen(id),
      avatar: await pictureOf(store, id, user?.avatar ?? ''),
      found:
        user && !user.deleted ? (await store.searchUsers(user.displayName, undefined, 500)) !== 'bad-cursor' : null,
    };
  });
  return { people: await Promise.all(shown), push: await store.pushSubscriptions(), admin: await store.hasAdmin() };
}

/** A store in which everything there can be is there; answers with the people. */
export async function village(store: Store): Promise<UserId[]> {
  const [ada, bob, conversation] = await someFriends(store);
  const [eve, gone, away, shy] = await Promise.all(times(4, i => somebody(store, `Somebody ${i}`)));
  if (!eve || !gone || !away || !shy) throw new Error('nobody');
  await store.setRole(ada.id, 'admin');
  await store.setAvatar(ada.id, { version: 'v1', type: 'image/png', bytes: Buffer.from('a picture') });
  await store.updateSettings(bob.id, { readReceipts: false });
  const push = {
    endpoint: `https://push.test/${randomUUID()}`,
    p256dh: 'point',
    auth: 'secret',
    key: 'key',
    at: 4_000,
  };
  await store.subscribePush({ deviceId: bob.device, language: 'de', ...push });
  for (let i = 0; i < 12; i++) await post(store, conversation, i % 3 ? ada : bob, `message ${i}`, { at: 3_000 + i });
  await post(store, conversation, ada, 'for a while', { at: 3_900, expiresAt: 9_000_000_000_000 });
  const regretted = newMessage(conversation, ada, 'regretted', { at: 3_901 });
  await store.appendMessage(regretted);
  await store.retractMessage({ conversationId: conversation, authorId: ada.id, id: regretted.id });
  await store.mark(conversation, bob.id, { received: 9, read: 5 });
  await store.block(bob.id, ada.id, 4_000);
  await post(store, conversation, ada, 'never shown', { withheldFrom: [bob.id], at: 4_001 });
  await store.mark(conversation, bob.id, { read: 13 });
  await store.requestContact(eve.id, ada.id, 4_100);
  await store.requestContact(ada.id, bob.id, 4_100);
  await store.block(shy.id, eve.id, 4_200);
  await store.requestContact(eve.id, shy.id, 4_300);
  const left = await befriend(store, gone, ada);
  await post(store, left, gone, 'to be read when I am gone');
  await store.deleteUser(gone.id);
  await store.disableUser(away.id);
  const call = ringing(ada, bob);
  await store.recordCall(call);
  await store.recordCall(ended(active(call, bob.device)));
  await store.recordCall(ended(ringing(eve, ada), 'no-answer', 'missed'));
  await store.markCallsSeen(ada.id, 1);
  return [ada, bob, eve, gone, away, shy].map(({ id }) => id);
}
