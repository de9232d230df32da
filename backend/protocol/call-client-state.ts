import { type Media } from '#protocol/call-frames';
import { type EndReason } from '#protocol/end-reason';
import { type CallId, type DeviceId, type UserId } from '#protocol/ids';
import { LINK_DOWN_MS, WAITING_FOR_ANSWER_MS } from '#protocol/limits';

/**
 * What a page is told about a call that is over. Beside the end reasons: `offline` (placed without a live session, or
 * its socket was lost before the invite was confirmed), `try-later` (the server asks to), and `unheard` (it ended
 * while this page could not hear it: the head of the call log says why, and a `learned` event brings it), and `left`
 * (the page was left or loaded again during the call, which ended it).
 */
export type OutcomeReason = EndReason | 'offline' | 'try-later' | 'unheard' | 'left';

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
  readonly shown: boolean;
  readonly devices: number;
  readonly ringsUntil: number;
}

interface SeatTaken extends CallFacts {
  /** The caller is impolite and makes the first offer, the callee is polite (W3C WebRTC, perfect negotiation). */
  readonly role: 'polite' | 'impolite';
  /** What this end starts with: `audio` where a video call was accepted without a camera. */
  readonly own: Media;
  /** The device in the other seat, once a frame has named it. */
  readonly peerDeviceId: DeviceId | null;
  /** The number of the peer connection in use, from 1: another number means another `RTCPeerConnection`. */
  readonly link: number;
  readonly peerAbsent: boolean;
  /**
   * How often signaling has come back during this call. When it rises the shell sends its media state again, and a
   * link that is not connected, or whose offer stands unanswered, rolls that offer back and restarts ICE; a callee
   * that has never answered waits.
   */
  readonly returns: number;
}

/** Seated, and the link has never been up. `negotiated`: both descriptions are set; `since` counts from then, or from the seat. */
export interface Connecting extends SeatTaken {
  readonly state: 'connecting';
  readonly negotiated: boolean;
  readonly since: number;
}

export interface Connected extends SeatTaken {
  readonly state: 'connected';
  readonly connectedAt: number;
}

/** The link was up and is down. */
export interface Reconnecting extends SeatTaken {
  readonly state: 'reconnecting';
  readonly connectedAt: number;
  readonly downSince: number;
}

/**
 * ```
 *                  place                     accepted
 *      ┌────────► outgoing ────────────────► connecting (impolite) ─┐
 *    idle           │  invited by the same person ─► connecting (polite) ├─ link up ─► connected ⇄ reconnecting
 *      └────────► incoming ───── accept ────► connecting (polite) ──┘
 *      invited                       every state: hang up · decline · ended · gave up ─► idle { last: outcome }
 *                                    every state: resynced (the welcome's call replaces one's own)
 * ```
 * Times are milliseconds on the page's clock, the `now` of `nextCall`.
 */
export type ClientCall = Idle | Outgoing | Incoming | Connecting | Connected | Reconnecting;
/** This device has a seat in an active call. */
export type InCall = Connecting | Connected | Reconnecting;
/** Any call at all. */
export type AnyCall = Exclude<ClientCall, Idle>;

export const IDLE: Idle = { state: 'idle', last: null };

export const isIdle = (call: ClientCall): call is Idle => call.state === 'idle';
/** Somebody rings here: ringtone, vibration, title and the sheet follow this. */
export const isRinging = (call: ClientCall): call is Incoming => call.state === 'incoming';
export const isPlacing = (call: ClientCall): call is Outgoing => call.state === 'outgoing';
export const isInCall = (call: ClientCall): call is InCall =>
  call.state === 'connecting' || call.state === 'connected' || call.state === 'reconnecting';
/** The other end has accepted and has not yet set a description: its person is being asked for devices. */
export const isWaitingForAnswer = (call: ClientCall): call is Connecting =>
  call.state === 'connecting' && call.role === 'impolite' && !call.negotiated;

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
  readonly role: 'polite' | 'impolite';
  readonly mayOffer: boolean;
}
export function linkWanted(call: ClientCall): LinkWanted | null {
  const { state } = call;
  if (state === 'outgoing') return { callId: call.callId, link: 1, role: 'impolite', mayOffer: false };
  if (!isInCall(call)) return null;
  return { callId: call.callId, link: call.link, role: call.role, mayOffer: true };
}

/** The call that `hello {call}` names, so that the server leaves this device its seat. */
export const namedCall = (call: ClientCall): CallId | undefined => (call.state === 'idle' ? undefined : call.callId);

/** When the page must dispatch `time`, on its own clock, or null: a function of the state alone. */
export function clientDeadline(call: ClientCall): number | null {
  switch (call.state) {
    case 'idle':
    case 'connected':
      return null;
    case 'outgoing':
    case 'incoming':
      return call.ringsUntil;
    case 'connecting':
      return call.since + (call.negotiated ? LINK_DOWN_MS : WAITING_FOR_ANSWER_MS);
    case 'reconnecting':
      return call.downSince + LINK_DOWN_MS;
  }
}
