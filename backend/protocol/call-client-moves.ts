import { type Media } from '#protocol/call-frames';
import { type ClientCallStep } from '#protocol/call-client-events';
import {
  type AnyCall,
  type ClientCall,
  type Connecting,
  type Idle,
  type InCall,
  isInCall,
  type OutcomeReason,
} from '#protocol/call-client-state';
import { type HangupReason } from '#protocol/end-reason';
import { type CallId, type DeviceId, type UserId } from '#protocol/ids';
import { MAX_LINK, RING_GRACE_MS } from '#protocol/limits';
import { type ClientCallFrame, type Unnumbered } from '#protocol/messages';

/** A call as the server tells of it to a device that it rings. */
export interface Ring {
  readonly callId: CallId;
  readonly peerId: UserId;
  readonly media: Media;
  /** What is left of the ring, in milliseconds from now. */
  readonly ringMs: number;
}

/** The call is over here. */
export function over(call: AnyCall, reason: OutcomeReason, now: number): Idle {
  const { callId, peerId, media } = call;
  const wasOutgoing = call.state === 'outgoing' || (isInCall(call) && call.role === 'impolite');
  const connectedAt = 'connectedAt' in call ? call.connectedAt : null;
  return { state: 'idle', last: { callId, peerId, media, reason, wasOutgoing, connectedAt, endedAt: now } };
}

/** CA2: whoever leaves a call says so, even a call it believes lost. */
export function hangupFrame(
  { callId, peerId }: { readonly callId: CallId; readonly peerId: UserId },
  reason: HangupReason = 'hung-up',
): Unnumbered<ClientCallFrame> {
  const frame = { type: 'call.hangup', receiverId: peerId, callId } as const;
  return reason === 'hung-up' ? frame : { ...frame, reason };
}

/** Takes a seat: the caller's own is impolite, as soon as it hears that the other end has accepted. */
export function seated(
  { callId, peerId, media }: Pick<AnyCall, 'callId' | 'peerId' | 'media'>,
  seat: { role: 'polite' | 'impolite'; own: Media; peerDeviceId: DeviceId | null },
  now: number,
): Connecting {
  const link = { link: 1, peerAbsent: false, returns: 0, negotiated: false, since: now };
  return { state: 'connecting', callId, peerId, media, ...seat, ...link };
}

/** Accepts a call that rings here. `data` reaches the caller. */
export function accept(
  call: Pick<AnyCall, 'callId' | 'peerId' | 'media'>,
  own: Media,
  data: string | undefined,
  now: number,
): ClientCallStep {
  const frame = { type: 'call.accept', receiverId: call.peerId, callId: call.callId } as const;
  return [
    seated(call, { role: 'polite', own, peerDeviceId: null }, now),
    [data === undefined ? frame : { ...frame, data }],
  ];
}

/**
 * CA4: being rung by another call proves that one's own is over. Where both called each other, both want to talk:
 * theirs is accepted. A ring that is replaced was never answered here, so there is nothing to leave.
 */
export function rung(call: ClientCall, ring: Ring, now: number): ClientCallStep {
  if (call.state === 'outgoing' && call.peerId === ring.peerId) {
    const [next, frames] = accept(ring, call.media, undefined, now);
    return [next, [hangupFrame(call), ...frames]];
  }
  const left = call.state === 'outgoing' || isInCall(call) ? [hangupFrame(call)] : [];
  return [incoming(ring, now), left];
}

/** Rings here, for a little longer than the server says: its own end of the ring may never arrive. */
export function incoming({ callId, peerId, media, ringMs }: Ring, now: number): ClientCall {
  const ringsUntil = now + ringMs + RING_GRACE_MS;
  return { state: 'incoming', callId, peerId, media, shown: false, devices: 0, ringsUntil };
}

/** Another peer connection, under this number: whatever the old one was, it is down. */
export function relinked(call: InCall, link: number, now: number): ClientCallStep {
  if (link > MAX_LINK) return [over(call, 'connection-lost', now), [hangupFrame(call, 'connection-lost')]];
  return [{ ...linkDown(call, now), link }, []];
}

export function linkDown(call: InCall, now: number): InCall {
  return call.state === 'connected' ? { ...call, state: 'reconnecting', downSince: now } : call;
}
