import * as z from 'zod/mini';

/**
 * The STUN and TURN servers that a call of one device may use (RTCIceServer): credentials are of this device and this call.
 * `relayOnly` leaves TURN alone; `expiresInMs` counts from arrival.
 */
export const iceServers = z.strictObject({
  iceServers: z.array(
    z.strictObject({
      urls: z.array(z.string()),
      username: z.optional(z.string()),
      credential: z.optional(z.string()),
    }),
  ),
  relayOnly: z.boolean(),
  expiresInMs: z.optional(z.int().check(z.nonnegative())),
});
export type IceServers = z.infer<typeof iceServers>;
