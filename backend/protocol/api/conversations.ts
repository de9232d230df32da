import * as z from 'zod/mini';
import { person } from '#protocol/api/account';
import { message, placed, retractedMessage } from '#protocol/chat-frames';
import { conversationKind, member } from '#protocol/conversation';
import { conversationId, userId } from '#protocol/ids';
import { PAGE_MESSAGES, RECENT_CONVERSATIONS } from '#protocol/limits';
import { longPageQuery } from '#protocol/api/page';

const count = z.int().check(z.nonnegative());

export const marks = z.object({ userId, received: count, read: count });
export type Marks = z.infer<typeof marks>;

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
  /** The number of the latest retraction that this user may know of, 0 where there is none. */
  retractions: count,
  /** When `last` was written, or the conversation was made; ms since the epoch. */
  activeAt: count,
  /** The newest places of the sequence, ascending and without a hole; only where they were asked for. */
  entries: z.optional(z.array(placed)),
});
export type Conversation = z.infer<typeof conversation>;

/** GET /api/conversations/:id/messages?after=seq | ?before=seq, ascending by seq in both directions. */
export const messagesQuery = z.object({
  after: z.optional(z.coerce.number().check(z.int(), z.nonnegative())),
  before: z.optional(z.coerce.number().check(z.int(), z.positive())),
  limit: z.optional(z.coerce.number().check(z.int(), z.minimum(1), z.maximum(PAGE_MESSAGES))),
});
export const messagePage = z.object({ items: z.array(placed), lastSeq: count });
export type MessagePage = z.infer<typeof messagePage>;

/** GET /api/conversations/:id/retractions?after=number: what was retracted behind it, in that order. */
export const retractionsQuery = z.object({
  after: z.optional(z.coerce.number().check(z.int(), z.nonnegative())),
  limit: z.optional(z.coerce.number().check(z.int(), z.minimum(1), z.maximum(PAGE_MESSAGES))),
});
/** `upTo`: the number of the last one, to go on behind; `after` itself where there is none. */
export const retractionPage = z.object({ items: z.array(retractedMessage), upTo: count });
export type RetractionPage = z.infer<typeof retractionPage>;
