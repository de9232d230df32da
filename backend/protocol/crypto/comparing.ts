import * as z from 'zod/mini';
import { userId } from '#protocol/ids';

/*
 * Events by which devices hear that two people have compared their identities. Neither makes anybody verified by itself: that is the
 * signature of the person who has compared.
 */

/** To the devices of who has shown a code: it was scanned, and was right. */
export const SCANNED_TYPE = 'parley.scanned';
/** To one's own devices: this person has signed the identity of another one. */
export const SIGNED_TYPE = 'parley.signed';

/** 16 bytes, base 64 without padding. */
const secret = z.string().check(z.regex(/^[A-Za-z0-9+/]{22}$/));

/** `secret` is that of the code. */
export const scannedEvent = z.strictObject({ version: z.literal(1), secret });
export type ScannedEvent = z.infer<typeof scannedEvent>;

export const signedEvent = z.strictObject({ version: z.literal(1), userId });
export type SignedEvent = z.infer<typeof signedEvent>;
