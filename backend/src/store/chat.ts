import type { Message, WithheldMessage } from '#protocol/chat-frames';
import type { Marks } from '#protocol/api/conversations';
import type { ConversationId, DeviceId, MessageId, UserId } from '#protocol/ids';
import type { BadCursor, StorePage } from './page.ts';

export type NewMessage = {
  conversationId: ConversationId;
  id: MessageId;
  senderId: UserId;
  deviceId: DeviceId;
  data: string;
  at: number;
  /** Members who never get to see it. */
  withheldFrom: readonly UserId[];
};

/** `duplicate`: a post with the same key was there already; seq and at are its own. */
export type Appended = { kind: 'appended' | 'duplicate'; seq: number; at: number };

export type ConversationRow = {
  id: ConversationId;
  members: UserId[];
  lastSeq: number;
  /** The last message `me` may see. */
  last: Message | null;
  /** Those of somebody who blocked `me` stand still at what they were then. */
  marks: Marks[];
  /** Messages of others above my read mark that I may see. */
  unread: number;
  /** When the last message I may see was written, or the conversation was made; ms since the epoch. */
  activeAt: number;
};

export interface ChatStore {
  /** Rejects where the sender is no member: `membersOf` tells that before. */
  appendMessage(message: NewMessage): Promise<Appended>;
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
  /** Empty where there is no such conversation. */
  membersOf(id: ConversationId): Promise<UserId[]>;
  /** Merges by max, cuts to the last seq; answers with the marks as they are now and whether anything grew. */
  mark(
    id: ConversationId,
    userId: UserId,
    mark: { received?: number; read?: number },
  ): Promise<{ marks: Marks; grew: boolean }>;
}
