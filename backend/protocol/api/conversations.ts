import * as z from 'zod/mini';
import { person } from '#protocol/api/account';
import { message, withheldMessage } from '#protocol/chat-frames';
import { id } from '#protocol/ids';
import { PAGE_MESSAGES } from '#protocol/limits';

const count = z.int().check(z.nonnegative());

export const marks = z.object({ userId: id, received: count, read: count });
export type Marks = z.infer<typeof marks>;

/** GET /api/conversations, the most recently active first. `last` is the last message this user may see. */
export const conversation = z.object({
  id,
  /** The other members; a direct conversation has one. */
  peers: z.array(person),
  lastSeq: count,
  last: z.optional(message),
  marks: z.array(marks),
  unread: count,
  /** When `last` was written, or the conversation was made; ms since the epoch. */
  activeAt: count,
});
export type Conversation = z.infer<typeof conversation>;

/** GET /api/conversations/:id/messages?after=seq | ?before=seq, ascending by seq in both directions. */
export const messagesQuery = z.object({
  after: z.optional(z.coerce.number().check(z.int(), z.nonnegative())),
  before: z.optional(z.coerce.number().check(z.int(), z.positive())),
  limit: z.optional(z.coerce.number().check(z.int(), z.minimum(1), z.maximum(PAGE_MESSAGES))),
});
export const messagePage = z.object({ items: z.array(z.union([message, withheldMessage])), lastSeq: count });
export type MessagePage = z.infer<typeof messagePage>;
