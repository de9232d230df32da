import * as z from 'zod/mini';
import { welcomeCall } from '#protocol/call-frames';
import { faultCode } from '#protocol/faults';
import { callId, deviceId, sessionId, userId } from '#protocol/ids';
import { MAX_CALLS } from '#protocol/limits';

const count = z.int().check(z.nonnegative());
const ack = z.optional(count);
const numbered = { n: z.optional(count), ack };

/** The subprotocol spoken after the upgrade (RFC 6455, 1.9). */
export const SUBPROTOCOL = 'parley.v2';
/** Where the socket is served. */
export const SOCKET_PATH = '/signalingsocket';

/** `session` and `received` (the highest server `n` had in order) ask to resume; `calls` are those this page is in. */
export const hello = z.strictObject({
  type: z.literal('hello'),
  token: z.string().check(z.minLength(1), z.maxLength(2048)),
  session: z.optional(sessionId),
  received: ack,
  calls: z.optional(z.array(callId).check(z.minLength(1), z.maxLength(MAX_CALLS))),
});
/** Confirms that all reliable frames up to `upTo` arrived, not that they are stored; also the answer to a `ping`. */
export const ackFrame = z.strictObject({ type: z.literal('ack'), upTo: count });
/** Answered by an `ack` at once. */
export const ping = z.strictObject({ type: z.literal('ping'), ack });
/** The page is going: its session ends now. */
export const bye = z.strictObject({ type: z.literal('bye'), ack });
export const visibility = z.strictObject({ type: z.literal('presence'), visible: z.boolean(), ack });

export const presenceState = z.enum(['online', 'in-call', 'offline']);
export type PresenceState = z.infer<typeof presenceState>;
/** `lastSeen` in ms since the epoch, only where offline and known. */
export const personPresence = z.strictObject({ userId, state: presenceState, lastSeen: z.optional(count) });
export type PersonPresence = z.infer<typeof personPresence>;

export const welcome = z.strictObject({
  type: z.literal('welcome'),
  n: z.optional(count),
  session: sessionId,
  how: z.enum(['new', 'resumed', 'again']),
  /** The highest client `n` the server has had in order. */
  ack: count,
  userId,
  deviceId,
  /** How long the token still lasts. */
  tokenMs: count,
  serverTime: count,
  epoch: z.string(),
  origins: z.array(z.string()),
  calls: z.optional(z.array(welcomeCall).check(z.minLength(1), z.maxLength(MAX_CALLS))),
  /** The contacts who are not offline. */
  presence: z.array(personPresence),
  /** A `keyState` of keys/api.ts: who has a machine reads it, and a page that has none does not carry its shape. */
  keys: z.optional(z.unknown()),
});
export type Welcome = z.infer<typeof welcome>;

/** `re.id` is the refused frame's message id, callId or conversationId. */
export const fault = z.strictObject({
  ...numbered,
  type: z.literal('fault'),
  re: z.strictObject({ type: z.string(), id: z.optional(z.string()) }),
  code: faultCode,
  detail: z.string(),
  retryMs: z.optional(count),
});
export type Fault = z.infer<typeof fault>;

export const presence = z.strictObject({ type: z.literal('presence'), ack, ...personPresence.shape });
/** Something in a list has changed: fetch it again. */
export const contactsChanged = z.strictObject({ ...numbered, type: z.literal('contacts.changed') });
export const devicesChanged = z.strictObject({ ...numbered, type: z.literal('devices.changed') });
export const callsChanged = z.strictObject({ ...numbered, type: z.literal('calls.changed') });
/** A `keyStateChange`, of what has changed since the welcome. It is said once: every welcome says all of it again. */
export const keysState = z.strictObject({ type: z.literal('keys.state'), state: z.unknown(), ack });
/** `spreadMs`: over how long, in ms, the first attempts of all devices are to be spread. */
export const serverRestarting = z.strictObject({ ...numbered, type: z.literal('server.restarting'), spreadMs: count });
