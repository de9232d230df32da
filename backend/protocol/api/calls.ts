import * as z from 'zod/mini';
import { person } from '#protocol/api/account';
import { media } from '#protocol/call-frames';
import { endReason } from '#protocol/end-reason';
import { callId, conversationId } from '#protocol/ids';

const time = z.int().check(z.nonnegative());

/**
 * One call as this user remembers it. `position` grows with every call, `others` are who else was in it or was called,
 * `answeredAt` is when the first of those who were called joined. `leftAt` and `reason` are there once it has ended for
 * this user, `joinedAt` where they have placed the call or taken a seat.
 */
export const callEntry = z.object({
  callId,
  position: z.int(),
  others: z.tuple([person], person),
  direction: z.enum(['incoming', 'outgoing']),
  media,
  at: time,
  answeredAt: z.optional(time),
  joinedAt: z.optional(time),
  leftAt: z.optional(time),
  reason: z.optional(endReason),
  conversationId: z.optional(conversationId),
});
export type CallEntry = z.infer<typeof callEntry>;

/** GET /api/calls?cursor&limit, newest first; `missed` counts those above this user's mark. */
export const callLog = z.object({
  items: z.array(callEntry),
  next: z.optional(z.string()),
  missed: z.int(),
  seen: z.int(),
});
export type CallLog = z.infer<typeof callLog>;
/** POST /api/calls/seen: a per-user mark that only grows. */
export const callsSeen = z.strictObject({ upTo: z.int().check(z.nonnegative()) });

/** POST /api/ice-servers: for a test call, or for a call in which the device that asks has a seat; answers with `iceServers`. */
export const iceServersFor = z.discriminatedUnion('for', [
  z.strictObject({ for: z.literal('test') }),
  z.strictObject({ for: z.literal('call'), callId }),
]);
