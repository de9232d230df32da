import * as z from 'zod/mini';

/**
 * Why a well-formed frame was refused. With `retryMs` the refusal is transient and the frame may be sent again;
 * without, it is final.
 */
export const FAULT_CODES = [
  'sender-mismatch',
  'receiver-mismatch',
  'not-contacts',
  'not-a-member',
  'not-found',
  'out-of-bounds',
  'call-id-taken',
  'place-taken',
  'not-for-guests',
  'try-later',
  'too-fast',
  'internal',
  'malformed',
] as const;
export const faultCode = z.enum(FAULT_CODES);
export type FaultCode = z.infer<typeof faultCode>;
