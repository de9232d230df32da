import { type Media } from '#protocol/call-frames';
import { type EndReason } from '#protocol/end-reason';
import { type CallId, type DeviceId, type UserId } from '#protocol/ids';
import { linkDeadline, type LinkRole, type PeerLink } from '#protocol/peer-link';

/**
 * Why a call cannot be sealed for the device at the other end (CA36), or is ended because its seat has shown another
 * certificate (CA37) or nonce (CA38), or because the two persons read different codes. `no-keys`: that person, or that
 * device, has none that count; `not-signed`: this device is not one of its person's yet; `keys-unknown`: they could not
 * be looked at.
 */
export const UNSEALED_REASONS = [
  'identity-changed',
  'own-identity-changed',
  'no-keys',
  'not-signed',
  'keys-unknown',
  'certificate-changed',
  'nonce-changed',
  'codes-differ',
] as const;
export type UnsealedReason = (typeof UNSEALED_REASONS)[number];

/**
 * What a page is told about a call that is over. Beside the end reasons: `offline` (placed without a live session, or
 * its socket was lost before the invite was confirmed), `try-later` (the server asks to), and `unheard` (it ended
 * while this page could not hear it: the head of the call log says why, and a `learned` event brings it), and `left`
 * (the page was left or loaded again during the call, which ended it), and `stayed` (this device could not take it over:
 * it goes on where it was).
 */
export type OutcomeReason = EndReason | UnsealedReason | 'offline' | 'try-later' | 'unheard' | 'left' | 'stayed';

export interface Outcome {
  readonly callId: CallId;
  readonly peerId: UserId;
  readonly media: Media;
  readonly reason: OutcomeReason;
  readonly wasOutgoing: boolean;
  /** On the page's clock: when the link first came up, or null if it never did, and when the call ended. */
  readonly connectedAt: number | null;
  readonly endedAt: number;
}

interface CallFacts {
  readonly callId: CallId;
  readonly peerId: UserId;
  /** What the caller wanted to start with. */
  readonly media: Media;
}

/** Nothing; what the last call came to, until the next begins or it is dismissed. */
export interface Idle {
  readonly state: 'idle';
  readonly last: Outcome | null;
}

/** Placing a call. `devices` show the ring so far; the page gives up at `ringsUntil` whatever it hears. */
export interface Outgoing extends CallFacts {
  readonly state: 'outgoing';
  readonly devices: number;
  readonly ringsUntil: number;
}

/** Being rung. `shown`: this page has confirmed that it shows the ring (the shell does so by `ring-shown`). */
export interface Incoming extends CallFacts {
  readonly state: 'incoming';
  /** The caller's device. */
  readonly peerDeviceId: DeviceId;
  readonly shown: boolean;
  readonly devices: number;
  readonly ringsUntil: number;
}

/** This device has a seat in an active call, and a link to each device in another one. */
export interface Joined extends CallFacts {
  readonly state: 'joined';
  /** Its place in the order of seats, from 0: the caller's. One that was taken over is a later one. */
  readonly seat: number;
  /** What this end starts with: `audio` where a video call was accepted without a camera. */
  readonly own: Media;
  /** When the first link came up, null before. */
  readonly connectedAt: number | null;
  /** By the device at the other end. A call of two people has one. */
  readonly links: ReadonlyMap<DeviceId, PeerLink>;
  /** By the device that is to take over the seat at the other end: a link that is built, and not used yet. */
  readonly next: ReadonlyMap<DeviceId, PeerLink>;
  /** This device is to take over the seat of another one of its person, and is given up then; null where it has one. */
  readonly arriving: number | null;
}

/**
 * ```
 *                  place                     accepted
 *      ┌────────► outgoing ───────────────────► joined (first seat, impolite)
 *    idle           │  invited by the same person ─► joined (second seat, polite)
 *      └────────► incoming ───── accept ───────► joined (second seat, polite)
 *      invited                       every state: hang up · decline · ended ─► idle { last: outcome }
 *                                    joined: its last link is given up ─► idle
 *                                    every state: resynced (the welcome's call replaces one's own)
 *    idle ── move ──► joined (arriving, polite) ── its link is up, and the server says so ──► joined (seat)
 * ```
 * Times are milliseconds on the page's clock, the `now` of `nextCall`.
 */
export type ClientCall = Idle | Outgoing | Incoming | Joined;
/** Any call at all. */
export type AnyCall = Exclude<ClientCall, Idle>;

export const IDLE: Idle = { state: 'idle', last: null };

/**
 * Everything this page is in (CA32 to CA34). `waiting` rings beside a current call, and is the current one as soon as
 * there is no other. `passed`: how the last held call ended that was over before it was resumed.
 */
export interface ClientCalls {
  readonly current: ClientCall;
  readonly held: Joined | null;
  readonly waiting: Incoming | null;
  readonly passed: Outcome | null;
}

export const NO_CLIENT_CALLS: ClientCalls = { current: IDLE, held: null, waiting: null, passed: null };

/** Every call this page is in, the current one first. */
export const allOf = ({ current, held, waiting }: ClientCalls): AnyCall[] =>
  [current, held, waiting].filter(call => call !== null && call.state !== 'idle');

/** The call with this id, wherever it is. */
export const withId = (calls: ClientCalls, callId: CallId): AnyCall | undefined =>
  allOf(calls).find(call => call.callId === callId);

export const isIdle = (call: ClientCall): call is Idle => call.state === 'idle';
/** Somebody rings here: ringtone, vibration, title and the sheet follow this. */
export const isRinging = (call: ClientCall): call is Incoming => call.state === 'incoming';
export const isPlacing = (call: ClientCall): call is Outgoing => call.state === 'outgoing';
export const isInCall = (call: ClientCall): call is Joined => call.state === 'joined';

/** Whether this device is to take over the seat of another one of its person. */
export const isArriving = (call: ClientCall): boolean => isInCall(call) && call.arriving !== null;

/** The link of a call of two people. */
export const onlyLink = (call: Joined): PeerLink | undefined => [...call.links.values()][0];

/** The link to this device, be it in the seat or about to take it over. */
export const linkTo = ({ links, next }: Joined, deviceId: DeviceId): PeerLink | undefined =>
  links.get(deviceId) ?? next.get(deviceId);

/** The device in the other seat of a call of two people. */
export const deviceAcross = (call: ClientCall): DeviceId | undefined =>
  isInCall(call) ? [...call.links.keys()][0] : undefined;

/**
 * How far a call is, for the screen: `connecting` until a link has been up, then `connected` while one is and
 * `reconnecting` while none is.
 */
export type CallPhase = Exclude<ClientCall['state'], 'joined'> | 'connecting' | 'connected' | 'reconnecting';
export function phaseOf(call: ClientCall): CallPhase {
  if (call.state !== 'joined') return call.state;
  if (isArriving(call)) return 'connecting';
  if ([...call.links.values()].some(({ state }) => state === 'up')) return 'connected';
  return call.connectedAt === null ? 'connecting' : 'reconnecting';
}

/** Since when the other end has accepted and not set a description: its person is being asked for devices. Else null. */
export function askingSince(call: ClientCall): number | null {
  const link = isInCall(call) ? onlyLink(call) : undefined;
  return link?.state === 'negotiating' && link.role === 'impolite' && !link.described ? link.since : null;
}

/** What to capture: nothing before a call is placed or accepted, nothing after its end. */
export function mediaWanted(call: ClientCall): Media | null {
  if (isInCall(call)) return call.own;
  return call.state === 'outgoing' ? call.media : null;
}

/**
 * Which link must exist. The caller builds its own while it rings, so that the offer leaves the moment `accepted`
 * arrives: `mayOffer` holds it back until then, and a callee until it has answered once.
 */
export interface LinkWanted {
  readonly callId: CallId;
  readonly link: number;
  readonly role: LinkRole;
  readonly mayOffer: boolean;
}
export function linkWanted(call: ClientCall, device = deviceAcross(call)): LinkWanted | null {
  const { state } = call;
  if (state === 'outgoing') return { callId: call.callId, link: 1, role: 'impolite', mayOffer: false };
  const link = isInCall(call) && device !== undefined ? linkTo(call, device) : undefined;
  if (!isInCall(call) || link === undefined) return null;
  return { callId: call.callId, link: link.number, role: link.role, mayOffer: true };
}

/** The calls that `hello {calls}` names, so that the server leaves this device its seats. */
export const namedCalls = (calls: ClientCalls): CallId[] => allOf(calls).map(({ callId }) => callId);

/** When the page must dispatch `time`, on its own clock, or null: a function of the state alone. */
export function clientDeadline(calls: ClientCalls): number | null {
  const due = Math.min(...allOf(calls).map(call => callDeadline(call) ?? Infinity));
  return due === Infinity ? null : due;
}

/** The same for one call. */
export function callDeadline(call: ClientCall): number | null {
  switch (call.state) {
    case 'idle':
      return null;
    case 'outgoing':
    case 'incoming':
      return call.ringsUntil;
    case 'joined': {
      const links = [...call.links.values(), ...call.next.values()];
      const due = Math.min(call.arriving ?? Infinity, ...links.map(link => linkDeadline(link) ?? Infinity));
      return due === Infinity ? null : due;
    }
  }
}
