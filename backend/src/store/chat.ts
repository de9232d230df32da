import type { Message, WithheldMessage } from '#protocol/chat-frames';
import type { Marks } from '#protocol/api/conversations';
import type { ConversationId, DeviceAddress, MessageId, UserId } from '#protocol/ids';
import type { EntryKey } from '#protocol/content/kinds';
import type { Conversation } from '#protocol/conversation';
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

export type ConversationRow = Conversation & {
  lastSeq: number;
  /** The last message that counts and that `me` may see. */
  last: Message | null;
  /** Those of somebody who blocked `me` stand still at what they were then. */
  marks: Marks[];
  /** Messages of others above my read mark that count and that I may see. */
  unread: number;
  /** When `last` was written, or the conversation was made; ms since the epoch. */
  activeAt: number;
};

export interface ChatStore {
  /** Rejects where the author is no member: `conversation` tells that before. */
  appendMessage(message: NewMessage): Promise<Appended>;
  /** Removes the data of a message; can be repeated. Answers with its seq, null where no message has this key. */
  retractMessage(key: EntryKey): Promise<number | null>;
  /** Removes the data of all messages that have expired by `now`, ms since the epoch; answers with their number. */
  forgetExpired(now: number): Promise<number>;
  /** Ascending, `after` exclusive, as `reader` may see them. */
  messagesSince(
    id: ConversationId,
    reader: UserId,
    after: number,
    limit: number,
  ): Promise<(Message | WithheldMessage)[]>;
  /** Ascending, the last `limit` below `before`. */
  messagesBefore(
    id: ConversationId,
    reader: UserId,
    before: number,
    limit: number,
  ): Promise<(Message | WithheldMessage)[]>;
  /** Of each of these conversations, in this order, what `messagesBefore` says of its end. */
  newestMessages(
    ids: readonly ConversationId[],
    reader: UserId,
    limit: number,
  ): Promise<(Message | WithheldMessage)[][]>;
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
  mark(
    id: ConversationId,
    userId: UserId,
    mark: { received?: number; read?: number },
  ): Promise<{ marks: Marks; grew: boolean }>;
}
