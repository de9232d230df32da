import * as z from 'zod/mini';

/** Why a call ended, as one of its two users reads it; both ends, the store and the log use this one union. */
export const END_REASONS = [
  'hung-up',
  'declined',
  'declined-elsewhere',
  'answered-elsewhere',
  'cancelled',
  'no-answer',
  'missed',
  'busy',
  'already-in-call',
  'unavailable',
  'ice-failed',
  'connection-lost',
  'peer-lost',
  'moved',
] as const;
export const endReason = z.enum(END_REASONS);
export type EndReason = z.infer<typeof endReason>;

/** The reasons a seat may give in `call.hangup`. */
export const hangupReason = z.enum(['hung-up', 'ice-failed', 'connection-lost', 'peer-lost']);
export type HangupReason = z.infer<typeof hangupReason>;
