import type { DeviceId, UserId } from '#protocol/ids';
import { isCaller, partyOf } from '../store/call-parties.ts';
import type { CallRow } from '../store/calls.ts';
import type { ConversationRow } from '../store/chat.ts';
import type { PushRow } from '../store/push.ts';
import type { Store } from '../store/store.ts';
import { CALL_OVER_TTL, MESSAGE_TTL } from './announcer.ts';
import { howItWent, type CallPush } from './call-notes.ts';
import type { Posted } from './message-notes.ts';

/** What a process that has ended owes to a person's devices. */
export type Owed = { messages: OwedMessage[]; calls: { push: CallPush; at: number }[] };
export type OwedMessage = Posted & { devices: { userId: UserId; deviceId: DeviceId }[] };

/** Most conversations, and most calls, of a person that are looked at, the newest first: more notifications are of no use. */
const MOST = 50;

/**
 * What the store says a person's devices have not been told: the last message of a conversation where none of them has
 * confirmed it, and calls that rang. Of both what came after a device was last told of something (`PushRow.at`), and not
 * after `until`.
 * @param rows the person's subscriptions
 * @param until when this process began, ms since the epoch: what came later it knows itself
 */
export async function owedTo(
  store: Pick<Store, 'conversationsOf' | 'callsOf'>,
  userId: UserId,
  rows: readonly PushRow[],
  until: number,
): Promise<Owed> {
  const conversations = await store.conversationsOf(userId, undefined, MOST);
  const calls = await store.callsOf(userId, undefined, MOST);
  if (conversations === 'bad-cursor' || calls === 'bad-cursor') return { messages: [], calls: [] };
  return {
    messages: conversations.items.flatMap(row => owedMessage(row, userId, rows, until)),
    calls: calls.items.flatMap(call => owedCalls(call, userId, rows, until)),
  };
}

/** Those who were told of nothing since: `seconds` is how long it is of any use. */
function untold(rows: readonly PushRow[], at: number, until: number, seconds: number): DeviceId[] {
  if (at > until || at <= until - seconds * 1_000) return [];
  return rows.filter(row => row.at < at).map(({ deviceId }) => deviceId);
}

function owedMessage(
  { id: conversationId, last, marks }: ConversationRow,
  userId: UserId,
  rows: readonly PushRow[],
  until: number,
): OwedMessage[] {
  const confirmed = marks.find(mark => mark.userId === userId)?.received ?? 0;
  if (last === null || last.author.userId === userId || last.seq <= confirmed) return [];
  const { author, seq, at } = last;
  const devices = untold(rows, at, until, MESSAGE_TTL).map(deviceId => ({ userId, deviceId }));
  return devices.length === 0 ? [] : [{ conversationId, senderId: author.userId, seq, at, devices }];
}

function owedCalls(call: CallRow, userId: UserId, rows: readonly PushRow[], until: number): Owed['calls'] {
  const { callId, media, parties } = call;
  const [caller] = parties;
  const party = partyOf(call, userId);
  if (!caller || !party || isCaller(call, userId)) return [];
  const at = party.joinedAt ?? party.leftAt;
  if (at === null) return [];
  const { userId: callerId } = caller;
  const how = howItWent(party);
  const answeredBy = how === 'answered' && party.deviceId !== null ? { answeredBy: party.deviceId } : {};
  return untold(rows, at, until, CALL_OVER_TTL)
    .filter(deviceId => deviceId !== party.deviceId)
    .map(deviceId => ({
      push: { what: 'call-over', how, callId, callerId, media, userId, deviceId, ...answeredBy },
      at,
    }));
}
