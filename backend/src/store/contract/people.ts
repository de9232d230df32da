import { randomUUID } from 'node:crypto';
import type { EndReason } from '#protocol/end-reason';
import type { CallId, ConversationId, DeviceId, UserId } from '#protocol/ids';
import { directConversationId } from '../../chat/direct-conversation.ts';
import type { NewDevice } from '../accounts.ts';
import type { CallParty, CallRecord } from '../calls.ts';
import type { NewMessage, Placed } from '../chat.ts';
import type { Store } from '../store.ts';
import { newId } from '../../testing/new-id.ts';

/** Whom the contract's specs play with. */
export type Person = { id: UserId; username: string; device: DeviceId; token: string };

let people = 0;
/** A username nobody has yet in this run. */
export const freshName = (): string => `p${(people++).toString(36)}-${randomUUID().slice(0, 8)}`;

export const newDevice = (userId: UserId, changes: Partial<NewDevice> = {}): NewDevice => ({
  id: newId(),
  userId,
  name: 'Phone, Chrome',
  secretHash: 'secret hash',
  tokenHash: randomUUID(),
  at: 1_000,
  ...changes,
});

export async function somebody(store: Store, displayName = 'Some Body'): Promise<Person> {
  const id = newId<UserId>();
  const username = freshName();
  const device = newDevice(id);
  const user = { id, username, displayName, passwordHash: 'password hash', role: 'user', at: 1_000 } as const;
  const made = await store.createUser(user, device);
  if (made !== 'created') throw new Error(made);
  return { id, username, device: device.id, token: device.tokenHash };
}

/** Accepted contacts, in the order given. */
export async function befriend(store: Store, a: Person, b: Person): Promise<ConversationId> {
  await store.requestContact(a.id, b.id, 2_000);
  await store.acceptContact(b.id, a.id, 2_001);
  const contact = await store.contact(a.id, b.id);
  if (!contact?.conversationId) throw new Error('no conversation');
  return contact.conversationId;
}

export async function someFriends(store: Store): Promise<[Person, Person, ConversationId]> {
  const [ada, bob] = await Promise.all([somebody(store, 'Ada'), somebody(store, 'Bob')]);
  return [ada, bob, await befriend(store, ada, bob)];
}

export const newMessage = (
  conversationId: ConversationId,
  sender: Person,
  data: string,
  changes: Partial<NewMessage> = {},
): NewMessage => ({
  conversationId,
  id: newId(),
  author: { userId: sender.id, deviceId: sender.device },
  counts: true,
  data,
  at: 3_000,
  withheldFrom: [],
  ...changes,
});

/** Posts what must be taken, and answers with its place. */
export async function post(
  store: Store,
  conversationId: ConversationId,
  sender: Person,
  data: string,
  changes: Partial<NewMessage> = {},
): Promise<Placed> {
  const answer = await store.appendMessage(newMessage(conversationId, sender, data, changes));
  if (answer.kind === 'moved') throw new Error('the conversation has changed');
  return answer;
}

/** Empty where there is no such conversation. */
export const memberIds = async (store: Store, id: ConversationId): Promise<UserId[]> =>
  (await store.conversation(id))?.members.map(({ userId }) => userId) ?? [];

export const ringing = (caller: Person, callee: Person, callId: CallId = newId()): CallRecord => ({
  callId,
  media: 'video',
  conversationId: directConversationId(caller.id, callee.id),
  state: 'ringing',
  at: 5_000,
  parties: [
    { ...LIVE, userId: caller.id, deviceId: caller.device, joinedAt: 5_000 },
    { ...LIVE, userId: callee.id, deviceId: null, joinedAt: null },
  ],
});
const LIVE = { leftAt: null, reason: null, withheld: false } as const;

/** With the line of its second person changed. */
export const withCallee = (call: CallRecord, change: Partial<CallParty>): CallRecord => ({
  ...call,
  parties: call.parties.map((party, i) => (i === 1 ? { ...party, ...change } : party)),
});

export const active = (call: CallRecord, calleeDevice: DeviceId): CallRecord => ({
  ...withCallee(call, { deviceId: calleeDevice, joinedAt: 6_000 }),
  state: 'active',
});

export const ended = (
  call: CallRecord,
  callerReason: EndReason = 'hung-up',
  calleeReason: EndReason | null = callerReason,
): CallRecord => ({
  ...call,
  state: 'ended',
  parties: call.parties.map((party, i): CallParty => {
    const reason = i === 0 ? callerReason : calleeReason;
    return { ...party, reason, leftAt: reason === null ? null : 7_000, withheld: reason === null };
  }),
});

/** Every item of a list, page by page. */
export async function everyPage<T>(
  page: (cursor: string | undefined) => Promise<{ items: T[]; next?: string } | 'bad-cursor'>,
): Promise<T[]> {
  const all: T[] = [];
  let cursor: string | undefined;
  do {
    const got = await page(cursor);
    if (got === 'bad-cursor') throw new Error(`bad cursor ${cursor}`);
    all.push(...got.items);
    cursor = got.next;
  } while (cursor !== undefined);
  return all;
}

export const times = <T>(count: number, make: (i: number) => T): T[] =>
  Array.from({ length: count }, (_, i) => make(i));
