import * as z from 'zod/mini';

/** 65 bytes of an uncompressed P-256 point as unpadded base64url (RFC 8291, 3.1; RFC 8292, 3.2). */
const point = z.string().check(z.regex(/^B[A-Za-z0-9_-]{86}$/));
/** The 16 bytes of a subscription's authentication secret (RFC 8291, 3.2). */
const authSecret = z.string().check(z.regex(/^[A-Za-z0-9_-]{22}$/));

/** What pushed notifications are written in. */
export const pushLanguage = z.enum(['en', 'de']);
export type PushLanguage = z.infer<typeof pushLanguage>;

/** GET /api/push: the key a browser subscribes with (`applicationServerKey`). */
export const pushInfo = z.object({ publicKey: point });
export type PushInfo = z.infer<typeof pushInfo>;

/** PUT /api/push: this device's subscription, as `PushSubscription.toJSON` has it (Push API, 8). */
export const pushSubscription = z.strictObject({
  endpoint: z.string().check(z.minLength(9), z.maxLength(2048)),
  keys: z.strictObject({ p256dh: point, auth: authSecret }),
  language: pushLanguage,
});
export type PushSubscription = z.infer<typeof pushSubscription>;

/** POST /api/push/decline: the token of a pushed ring, once. It needs no session: the app stays closed. */
export const pushDecline = z.strictObject({ token: z.string().check(z.regex(/^[A-Za-z0-9_-]{43}$/)) });
