import * as z from 'zod/mini';
import { person } from '#protocol/api/account';
import { message, withheldMessage } from '#protocol/chat-frames';
import { conversationKind, member } from '#protocol/conversation';
import { conversationId, userId } from '#protocol/ids';
import { PAGE_MESSAGES, RECENT_CONVERSATIONS } from '#protocol/limits';
import { longPageQuery } from '#protocol/api/page';

const count = z.int().check(z.nonnegative());

export const marks = z.object({ userId, received: count, read: count });
export type Marks = z.infer<typeof marks>;

const entry = z.union([message, withheldMessage]);

/**
 * GET /api/conversations, the most recently active first: a page ends at 500 rows or 512 KB. `recent`: how many of its first
 * conversations bring their newest entries, so that a new device has what it shows first in one request.
 */
export const conversationsQuery = z.extend(longPageQuery, {
  recent: z.optional(z.coerce.number().check(z.int(), z.nonnegative(), z.maximum(RECENT_CONVERSATIONS))),
});

/** One of them. `last` is the last message that counts and that this user may see. */
export const conversation = z.object({
  id: conversationId,
  kind: conversationKind,
  /** What this user may read of it, and as whom. */
  own: member,
  /** The other members, up to five; a direct conversation has one. */
  peers: z.array(person),
  lastSeq: count,
  last: z.optional(message),
  marks: z.array(marks),
  unread: count,
  /** When `last` was written, or the conversation was made; ms since the epoch. */
  activeAt: count,
  /** The newest places of the sequence, ascending and without a hole; only where they were asked for. */
  entries: z.optional(z.array(entry)),
});
export type Conversation = z.infer<typeof conversation>;

/** GET /api/conversations/:id/messages?after=seq | ?before=seq, ascending by seq in both directions. */
export const messagesQuery = z.object({
  after: z.optional(z.coerce.number().check(z.int(), z.nonnegative())),
  before: z.optional(z.coerce.number().check(z.int(), z.positive())),
  limit: z.optional(z.coerce.number().check(z.int(), z.minimum(1), z.maximum(PAGE_MESSAGES))),
});
export const messagePage = z.object({ items: z.array(entry), lastSeq: count });
export type MessagePage = z.infer<typeof messagePage>;
