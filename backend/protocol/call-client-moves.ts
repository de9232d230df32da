import { type Media } from '#protocol/call-frames';
import { type OneCallStep } from '#protocol/call-client-events';
import {
  type AnyCall,
  type ClientCall,
  type Idle,
  type Incoming,
  isInCall,
  type Joined,
  type OutcomeReason,
} from '#protocol/call-client-state';
import { type HangupReason } from '#protocol/end-reason';
import { type CallId, type DeviceId, type UserId } from '#protocol/ids';
import { RING_GRACE_MS } from '#protocol/limits';
import { type ClientCallFrame, type FrameOf, type ServerCallFrame, type Unnumbered } from '#protocol/messages';
import { type LinkEvent, nextLink, openLink, type PeerLink, roleBetween } from '#protocol/peer-link';

/** A call as the server tells of it to a device that it rings. */
export interface Ring {
  readonly callId: CallId;
  readonly peerId: UserId;
  /** The caller's device. */
  readonly peerDeviceId: DeviceId;
  readonly media: Media;
  /** What is left of the ring, in milliseconds from now. */
  readonly ringMs: number;
}

/** The call is over here. */
export function over(call: AnyCall, reason: OutcomeReason, now: number): Idle {
  const { callId, peerId, media } = call;
  const wasOutgoing = call.state === 'outgoing' || (isInCall(call) && call.seat === 0);
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

/** Of a call that has none yet, or none besides. */
export const NO_LINKS: ReadonlyMap<DeviceId, PeerLink> = new Map();

/** The seats of a call of two people, in their order. */
const [CALLER, CALLEE] = [0, 1] as const;

/** Takes a seat: the caller's own as soon as it hears that the other end has accepted. */
export function seated(
  { callId, peerId, media }: Pick<AnyCall, 'callId' | 'peerId' | 'media'>,
  as: 'caller' | 'callee',
  own: Media,
  peerDeviceId: DeviceId,
  now: number,
): Joined {
  const [seat, other] = as === 'caller' ? [CALLER, CALLEE] : [CALLEE, CALLER];
  const links = new Map([[peerDeviceId, openLink(roleBetween(seat, other), now)]]);
  return {
    state: 'joined',
    callId,
    peerId,
    media,
    seat,
    own,
    connectedAt: null,
    links,
    next: NO_LINKS,
    arriving: null,
  };
}

/**
 * Gives an event to the link of this device, or to all. A call needs a link: it is left when its last one is given up,
 * for the reason that link had. One to a device that only arrives is no loss.
 */
export function toLinks(call: Joined, to: DeviceId | 'all', event: LinkEvent, now: number): OneCallStep {
  const [links, given] = stepped(call.links, to, event, now);
  const [next] = stepped(call.next, to, event, now);
  if (links === call.links && next === call.next) return [call, []];
  if (given !== null && links.size === 0) return [over(call, given, now), [hangupFrame(call, given)]];
  const isUp = [...links.values()].some(({ state }) => state === 'up');
  return [{ ...call, links, next, connectedAt: call.connectedAt ?? (isUp ? now : null) }, []];
}

type Links = Joined['links'];

/** The same map where nothing has changed. */
function stepped(before: Links, to: DeviceId | 'all', event: LinkEvent, now: number): [Links, HangupReason | null] {
  const links = new Map(before);
  let given: HangupReason | null = null;
  for (const [device, link] of before) {
    const next = to === 'all' || to === device ? nextLink(link, event, now) : link;
    if (next.state === 'given-up') {
      given = next.reason;
      links.delete(device);
    } else links.set(device, next);
  }
  const isSame = links.size === before.size && [...before].every(([device, link]) => links.get(device) === link);
  return [isSame ? before : links, given];
}

/** Accepts a call that rings here. `data` reaches the caller. */
export function accept(ring: Omit<Ring, 'ringMs'>, own: Media, data: string | undefined, now: number): OneCallStep {
  const frame = { type: 'call.accept', receiverId: ring.peerId, callId: ring.callId } as const;
  return [seated(ring, 'callee', own, ring.peerDeviceId, now), [data === undefined ? frame : { ...frame, data }]];
}

/**
 * CA4: being rung by another call proves that one's own is over. Where both called each other, both want to talk:
 * theirs is accepted. A ring that is replaced was never answered here, so there is nothing to leave.
 */
export function rung(call: ClientCall, ring: Ring, now: number): OneCallStep {
  if (call.state === 'outgoing' && call.peerId === ring.peerId) {
    const [next, frames] = accept(ring, call.media, undefined, now);
    return [next, [hangupFrame(call), ...frames]];
  }
  const left = call.state === 'outgoing' || isInCall(call) ? [hangupFrame(call)] : [];
  return [incoming(ring, now), left];
}

/** The ring that an invite announces. */
export const ringOf = (frame: Unnumbered<FrameOf<ServerCallFrame, 'call.invited'>>): Ring => {
  const { callId, senderId: peerId, deviceId: peerDeviceId, media, ringMs } = frame;
  return { callId, peerId, peerDeviceId, media, ringMs };
};

/** Rings here, for a little longer than the server says: its own end of the ring may never arrive. */
export function incoming({ callId, peerId, peerDeviceId, media, ringMs }: Ring, now: number): Incoming {
  const ringsUntil = now + ringMs + RING_GRACE_MS;
  return { state: 'incoming', callId, peerId, peerDeviceId, media, shown: false, devices: 0, ringsUntil };
}
