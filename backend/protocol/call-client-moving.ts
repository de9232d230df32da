import { type ClientCallEvent, type OneCallStep } from '#protocol/call-client-events';
import { hangupFrame, NO_LINKS, over } from '#protocol/call-client-moves';
import { type ClientCall, type Joined, linkTo } from '#protocol/call-client-state';
import { type CallMoving } from '#protocol/call-frames';
import { type DeviceId } from '#protocol/ids';
import { ARRIVING_MS, RING_GRACE_MS } from '#protocol/limits';
import { type ClientCallFrame, type Unnumbered } from '#protocol/messages';
import { openLink, type PeerLink } from '#protocol/peer-link';

/** This page asks for the seat that another device of its person has (CA39); it has no link before it is told to whom. */
export function move(call: ClientCall, event: Extract<ClientCallEvent, { type: 'move' }>, now: number): OneCallStep {
  if (call.state !== 'idle') return [call, []];
  const { callId, peerId, media } = event;
  const facts = { callId, peerId, media, seat: 1, own: media, connectedAt: null, links: NO_LINKS, next: NO_LINKS };
  const joined: Joined = { state: 'joined', ...facts, arriving: now + ARRIVING_MS + RING_GRACE_MS };
  return [joined, [{ type: 'call.move', receiverId: peerId, callId }]];
}

/** It could not: the call goes on where it was. */
export const stayed = (call: Joined, now: number): OneCallStep => [over(call, 'stayed', now), [hangupFrame(call)]];

/** The link of a page that arrives is up: the seat is its own as soon as the server says so. */
export function movedFrame({ callId, peerId }: Joined, { number: link }: PeerLink): Unnumbered<ClientCallFrame> {
  return { type: 'call.moved', receiverId: peerId, callId, link };
}

/** Who was in the call before is impolite on the link to a device that arrives. */
export function hearMoving(
  call: Joined,
  { senderId, deviceId, is, link }: Unnumbered<CallMoving>,
  now: number,
): OneCallStep {
  if (senderId !== call.peerId) return [call, []];
  if (call.arriving === null) return [peerMoves(call, deviceId, is, link, now), []];
  if (is === 'dropped') return [over(call, 'stayed', now), []];
  if (is === 'arrived') return [{ ...call, arriving: null }, []];
  return [{ ...call, links: new Map([[deviceId, openLink('polite', now, link)]]) }, []];
}

function peerMoves(call: Joined, deviceId: DeviceId, is: CallMoving['is'], link: number, now: number): Joined {
  if (is === 'arrived') return withSeat(call, deviceId, now, link);
  if (is === 'dropped') return call.next.has(deviceId) ? { ...call, next: NO_LINKS } : call;
  return { ...call, next: new Map([[deviceId, openLink('impolite', now, link)]]) };
}

/** This device is in the other seat, and nothing is known of another one that arrives; its link is kept. */
export function withSeat(call: Joined, deviceId: DeviceId, now: number, number = 1): Joined {
  if (call.links.has(deviceId) && call.next.size === 0 && call.arriving === null) return call;
  const link = linkTo(call, deviceId) ?? openLink('impolite', now, number);
  return { ...call, links: new Map([[deviceId, link]]), next: NO_LINKS, arriving: null };
}
