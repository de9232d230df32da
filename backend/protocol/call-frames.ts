import * as z from 'zod/mini';
import { fitsFrame } from '#protocol/bytes';
import { endReason, hangupReason } from '#protocol/end-reason';
import { callId, deviceId, userId } from '#protocol/ids';
import { FRAME_BYTES, MAX_LINK } from '#protocol/limits';

/** What clients tell each other, opaque to the server: JSON or ciphertext in one string. As a client says it. */
export const data = z.string().check(z.minLength(1), z.refine(fitsFrame));
/** As a server repeats it: what an earlier version has let in stays readable. */
export const repeated = z.string().check(z.minLength(1), z.maxLength(FRAME_BYTES));
const link = z.int().check(z.positive(), z.maximum(MAX_LINK));
const count = z.int().check(z.nonnegative());

/** What the caller wants to start with. */
export const media = z.enum(['audio', 'video']);
export type Media = z.infer<typeof media>;

/**
 * Every call frame of a client names its call and its receiver. A `senderId` may be said, but then it must be the
 * session's own: the server stamps the sender from the session.
 */
const fromClient = {
  n: z.optional(count),
  ack: z.optional(count),
  senderId: z.optional(userId),
  receiverId: userId,
  callId,
};
const fromServer = { n: z.optional(count), ack: z.optional(count), senderId: userId, receiverId: userId, callId };
const routed = { link, data };
const repeatedRouted = { link, data: repeated };

export const callInvite = z.strictObject({ ...fromClient, type: z.literal('call.invite'), media });
export const callRinging = z.strictObject({ ...fromClient, type: z.literal('call.ringing') });
export const callAccept = z.strictObject({ ...fromClient, type: z.literal('call.accept'), data: z.optional(data) });
export const callDecline = z.strictObject({ ...fromClient, type: z.literal('call.decline') });
export const callHangup = z.strictObject({
  ...fromClient,
  type: z.literal('call.hangup'),
  reason: z.optional(hangupReason),
});
export const callOffer = z.strictObject({ ...fromClient, type: z.literal('call.offer'), ...routed });
export const callAnswer = z.strictObject({ ...fromClient, type: z.literal('call.answer'), ...routed });
export const callIceCandidate = z.strictObject({ ...fromClient, type: z.literal('call.ice-candidate'), ...routed });
export const callMediaState = z.strictObject({ ...fromClient, type: z.literal('call.media-state'), ...routed });

/** `ringMs` is what is left of the ring, counted from arrival. */
export const callInvited = z.strictObject({ ...fromServer, type: z.literal('call.invited'), media, ringMs: count });
/** How many devices of the callee show the ring; told to the caller and to those devices. */
export const callRingingAt = z.strictObject({ ...fromServer, type: z.literal('call.ringing'), devices: count });
export const callAccepted = z.strictObject({
  ...fromServer,
  type: z.literal('call.accepted'),
  deviceId,
  data: z.optional(repeated),
});
/** `senderId` is the other party as far as the receiver may know it; for a call nobody knows, the receiver itself. */
export const callEnded = z.strictObject({ ...fromServer, type: z.literal('call.ended'), reason: endReason });
export const callPeerAbsent = z.strictObject({
  ...fromServer,
  type: z.literal('call.peer-absent'),
  absent: z.boolean(),
});
const fromSeat = { ...fromServer, deviceId, ...repeatedRouted };
export const callOffered = z.strictObject({ ...fromSeat, type: z.literal('call.offer') });
export const callAnswered = z.strictObject({ ...fromSeat, type: z.literal('call.answer') });
export const callIceCandidateOf = z.strictObject({ ...fromSeat, type: z.literal('call.ice-candidate') });
export const callMediaStateOf = z.strictObject({ ...fromSeat, type: z.literal('call.media-state') });

/** This user's call as a `welcome` tells it to one of their devices. */
export const welcomeCall = z.strictObject({
  callId,
  as: z.enum(['rung', 'caller', 'seat', 'elsewhere']),
  state: z.enum(['ringing', 'active']),
  peerId: userId,
  /** The device in the other seat, of an active call. */
  peerDeviceId: z.optional(deviceId),
  media,
  ringMs: z.optional(count),
});
export type WelcomeCall = z.infer<typeof welcomeCall>;
