import * as z from 'zod/mini';
import { fitsFrame } from '#protocol/bytes';
import { endReason, hangupReason } from '#protocol/end-reason';
import { iceServers } from '#protocol/ice-servers';
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

/** `name`: of a guest who knocks. It is stamped from their session, as the sender is. */
export const callInvite = z.strictObject({
  ...fromClient,
  type: z.literal('call.invite'),
  media,
  name: z.optional(z.string().check(z.maxLength(256))),
});
export const callRinging = z.strictObject({ ...fromClient, type: z.literal('call.ringing') });
export const callAccept = z.strictObject({ ...fromClient, type: z.literal('call.accept'), data: z.optional(data) });
/** The person goes on with a call that they hold; the one they are in, if any, is held from then on. */
export const callResume = z.strictObject({ ...fromClient, type: z.literal('call.resume') });
/** This device of a person is to take over the seat that another one of theirs has. */
export const callMove = z.strictObject({ ...fromClient, type: z.literal('call.move') });
/** Its link of this number is up: from now on the seat is its own. */
export const callMoved = z.strictObject({ ...fromClient, type: z.literal('call.moved'), link });
export const callDecline = z.strictObject({ ...fromClient, type: z.literal('call.decline') });
export const callHangup = z.strictObject({
  ...fromClient,
  type: z.literal('call.hangup'),
  reason: z.optional(hangupReason),
});

/**
 * `deviceId` is the caller's; `ringMs` is what is left of the ring, counted from arrival. `waiting`: the device is in a
 * call, which goes on. `servers` are for this device, and of use once it has accepted.
 */
export const callInvited = z.strictObject({
  ...fromServer,
  type: z.literal('call.invited'),
  deviceId,
  media,
  ringMs: count,
  waiting: z.optional(z.literal(true)),
  /** The caller is a guest, who calls themselves so. */
  guest: z.optional(z.string()),
  servers: z.optional(iceServers),
});
/**
 * How many devices of the callee show the ring; told to the caller, at first as soon as the call is placed, and to those
 * devices.
 */
export const callRingingAt = z.strictObject({
  ...fromServer,
  type: z.literal('call.ringing'),
  devices: count,
  servers: z.optional(iceServers),
});
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
/**
 * A device takes over a seat, has taken it, or does not. `deviceId` is of the sender: for the other seats the one that
 * arrives, and for that one the device in the seat to which it builds its link, with `servers` that it may use. `link` is
 * the number with which the link between the two begins.
 */
export const callMoving = z.strictObject({
  ...fromServer,
  type: z.literal('call.moving'),
  deviceId,
  is: z.enum(['arriving', 'arrived', 'dropped']),
  link,
  servers: z.optional(iceServers),
});
export type CallMoving = z.infer<typeof callMoving>;
/** For another device of a person: which one of theirs is in a call with the sender; none, where that call is over. */
export const callElsewhere = z.strictObject({
  ...fromServer,
  type: z.literal('call.elsewhere'),
  media,
  deviceId: z.optional(deviceId),
});

/** Proves that one has a link for a guest: 32 bytes in base64url, HKDF of the secret behind its `#`. */
export const doorProof = z.string().check(z.regex(/^[\w-]{43}$/));

const aboutDoor = { n: z.optional(count), ack: z.optional(count), senderId: z.optional(userId), callId };
/** Makes a link: one guest may call this device by it, in a call of this id. `door` is what a guest proves to have the link with. */
export const guestOpen = z.strictObject({ ...aboutDoor, type: z.literal('guest.open'), door: doorProof });
/** Closes a link: the server refuses every later guest who uses it. */
export const guestClose = z.strictObject({ ...aboutDoor, type: z.literal('guest.close') });
/** For the device that has opened it: how long the link can still be used, in ms; 0 where it cannot. */
export const guestLink = z.strictObject({
  n: z.optional(count),
  ack: z.optional(count),
  type: z.literal('guest.link'),
  callId,
  ms: count,
});

/** What the seats of a call tell each other: one family of frames, whose `data` only another seat reads. */
export const SEAT_TYPES = ['call.offer', 'call.answer', 'call.ice-candidate', 'call.media-state'] as const;
export type SeatType = (typeof SEAT_TYPES)[number];
const seatTypes: ReadonlySet<string> = new Set(SEAT_TYPES);

export const isSeatType = (type: string): type is SeatType => seatTypes.has(type);
/** Whether this frame goes from seat to seat; all others of a call are for the server, or from it. */
export const isSeatFrame = <F extends { readonly type: string }>(
  frame: F,
): frame is Extract<F, { readonly type: SeatType }> => isSeatType(frame.type);

const seatFrame = <F extends z.core.$ZodLooseShape, D extends z.ZodMiniType<string>>(facts: F, opaque: D) =>
  z.strictObject({ ...facts, type: z.enum(SEAT_TYPES), link, data: opaque });
/**
 * As a seat says it, for the other one; `deviceId` where it is for one device alone, because another takes over that seat.
 */
export const toSeat = seatFrame({ ...fromClient, deviceId: z.optional(deviceId) }, data);
export type ToSeat = z.infer<typeof toSeat>;
/** As a seat hears it, with the sender and the sender's device stamped. */
export const fromSeat = seatFrame({ ...fromServer, deviceId }, repeated);
export type FromSeat = z.infer<typeof fromSeat>;

/** One of this user's calls as a `welcome` tells it to one of their devices; there is at most one in each place. */
export const welcomeCall = z.strictObject({
  callId,
  place: z.enum(['current', 'held', 'waiting']),
  as: z.enum(['rung', 'caller', 'seat', 'elsewhere']),
  state: z.enum(['ringing', 'active']),
  peerId: userId,
  /** The device at the other end: the caller's where this one is rung, the one in the other seat of an active call. */
  peerDeviceId: z.optional(deviceId),
  /** `elsewhere`: the device of this user with the seat; none while the call rings. */
  deviceId: z.optional(deviceId),
  media,
  /** The other person is a guest, who calls themselves so. */
  guest: z.optional(z.string()),
  ringMs: z.optional(count),
  /** For the device that is welcomed, where it is rung or has a seat. */
  servers: z.optional(iceServers),
});
export type WelcomeCall = z.infer<typeof welcomeCall>;
