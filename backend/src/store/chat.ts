import type { Message, Placed as Place, RetractedMessage } from '#protocol/chat-frames';
import type { Marks } from '#protocol/api/conversations';
import type { ConversationId, DeviceAddress, MessageId, UserId } from '#protocol/ids';
import type { EntryKey } from '#protocol/content/kinds';
import type { Conversation } from '#protocol/conversation';
import type { Mark } from '../chat/grown-marks.ts';
import type { Room } from '../chat/audience.ts';
import type { BadCursor, StorePage } from './page.ts';

export type NewMessage = {
  conversationId: ConversationId;
  id: MessageId;
  author: DeviceAddress;
  /** Whether it is unread for others, and may be the last line of a list: a new message is, a reaction is not. */
  counts: boolean;
  data: string;
  at: number;
  /** Members who never get to see it. */
  withheldFrom: readonly UserId[];
  /** When the store forgets what it says, ms since the epoch; undefined: never. */
  expiresAt?: number;
  /** The revision of the conversation by which the post was allowed; undefined: it is written under any revision. */
  revision?: number;
};

/**
 * `duplicate`: a post with the same key was there already; seq and at are its own. `moved`: the conversation has another
 * revision by now, and nothing was written.
 */
export type Appended = Placed | { kind: 'moved' };
export type Placed = { kind: 'appended' | 'duplicate'; seq: number; at: number };

/** Most messages that one call of `forgetExpired` forgets. */
export const FORGOTTEN_AT_ONCE = 100;

/** A message whose data is forgotten, and the readers to whom it never was shown. */
export type Retracted = {
  message: RetractedMessage;
  withheldFrom: UserId[];
  /** Whether that was done now, and not before. */
  isNew: boolean;
};

export type ConversationRow = Conversation & {
  lastSeq: number;
  /** The last message that counts and that `me` may see. */
  last: Message | null;
  /** Those of somebody who blocked `me` stand still at what they were then. */
  marks: Marks[];
  /** Messages of others above my read mark that count and that I may see. */
  unread: number;
  /** The number of the latest retraction that `me` may know of; they are counted from 1 in each conversation. */
  retractions: number;
  /** When `last` was written, or the conversation was made; ms since the epoch. */
  activeAt: number;
};

export interface ChatStore {
  /** Rejects where the author is no member: `conversation` tells that before. */
  appendMessage(message: NewMessage): Promise<Appended>;
  /** Removes the data of a message; can be repeated. Null where no message has this key. */
  retractMessage(key: EntryKey): Promise<Retracted | null>;
  /** Removes the data of messages that have expired by `now`, ms since the epoch: some of them, none only where none is left. */
  forgetExpired(now: number): Promise<Retracted[]>;
  /** What was retracted behind a number and `reader` may know of, in that order; `upTo` is the number of the last. */
  retractedSince(
    id: ConversationId,
    reader: UserId,
    after: number,
    limit: number,
  ): Promise<{ items: RetractedMessage[]; upTo: number }>;
  /** Ascending, `after` exclusive, as `reader` may see them. */
  messagesSince(id: ConversationId, reader: UserId, after: number, limit: number): Promise<Place[]>;
  /** Ascending, the last `limit` below `before`. */
  messagesBefore(id: ConversationId, reader: UserId, before: number, limit: number): Promise<Place[]>;
  /** Of each of these conversations, in this order, what `messagesBefore` says of its end. */
  newestMessages(ids: readonly ConversationId[], reader: UserId, limit: number): Promise<Place[][]>;
  lastSeq(id: ConversationId): Promise<number>;
  /** Newest activity that `me` may see first. */
  conversationsOf(
    me: UserId,
    cursor: string | undefined,
    limit: number,
  ): Promise<StorePage<ConversationRow> | BadCursor>;
  /** A conversation, a direct one with the relation of its two members; null where there is none. */
  conversation(id: ConversationId): Promise<Room | null>;
  /** Merges by max, cuts to the last seq; answers with the marks as they are now and whether anything grew. */
  mark(id: ConversationId, userId: UserId, mark: Mark): Promise<{ marks: Marks; grew: boolean }>;
}
