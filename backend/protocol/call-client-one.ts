import { type OneCallEvent, type OneCallStep, type LinkChange } from '#protocol/call-client-events';
import { hear } from '#protocol/call-client-frames';
import { accept, hangupFrame, over, toLinks } from '#protocol/call-client-moves';
import { move, movedFrame, stayed } from '#protocol/call-client-moving';
import { type ClientCall, callDeadline, IDLE, isArriving, isInCall, onlyLink } from '#protocol/call-client-state';
import { type HangupReason } from '#protocol/end-reason';
import { RING_GRACE_MS, RING_MS } from '#protocol/limits';
import { type ClientCallFrame, type Unnumbered } from '#protocol/messages';
import { assertNever } from '#protocol/result';

/**
 * One call of a page (the diagram is above `ClientCall`). Total: an event that does not fit the state changes nothing and
 * gives back the same object (CA3).
 * @param now milliseconds on a clock that never goes back (`performance.now()`)
 */
export function nextOne(call: ClientCall, event: OneCallEvent, now: number): OneCallStep {
  switch (event.type) {
    case 'place':
      return place(call, event, now);
    case 'move':
      return move(call, event, now);
    case 'accept':
      return call.state === 'incoming' ? accept(call, event.media, event.data, now) : [call, []];
    case 'decline':
      return decline(call, now);
    case 'hang-up':
      return hangUp(call, 'hung-up', now);
    case 'dismiss':
      return [call.state === 'idle' ? IDLE : call, []];
    case 'ring-shown':
      return ringShown(call);
    case 'frame':
      return hear(call, event.frame, now);
    case 'signaling-lost':
      return signalingLost(call, event.waiting, now);
    case 'learned':
      return [learned(call, event), []];
    case 'left':
      return [left(call, event, now), []];
    case 'unsealed':
      return unsealed(call, event, now);
    case 'link-negotiated':
    case 'link-up':
    case 'link-down':
    case 'link-broken':
      return linkChanged(call, event, now);
    case 'time':
      return timeOut(call, now);
    case 'page-hidden':
      return [pageHidden(call, now), []];
    default:
      return assertNever(event);
  }
}

/** An invite is never queued: without a live session placing a call fails at once. */
function place(call: ClientCall, event: Extract<OneCallEvent, { type: 'place' }>, now: number): OneCallStep {
  if (call.state !== 'idle') return [call, []];
  const { callId, peerId, media, live } = event;
  const ringsUntil = now + RING_MS + RING_GRACE_MS;
  const outgoing: ClientCall = { state: 'outgoing', callId, peerId, media, devices: 0, ringsUntil };
  if (!live) return [over(outgoing, 'offline', now), []];
  return [outgoing, [{ type: 'call.invite', receiverId: peerId, callId, media }]];
}

function decline(call: ClientCall, now: number): OneCallStep {
  if (call.state !== 'incoming') return [call, []];
  const { callId, peerId } = call;
  return [over(call, 'declined', now), [{ type: 'call.decline', receiverId: peerId, callId }]];
}

function hangUp(call: ClientCall, reason: HangupReason, now: number): OneCallStep {
  if (call.state === 'idle') return [call, []];
  if (call.state === 'incoming') return decline(call, now);
  return [
    over(call, call.state === 'outgoing' || isArriving(call) ? 'cancelled' : reason, now),
    [hangupFrame(call, reason)],
  ];
}

function ringShown(call: ClientCall): OneCallStep {
  if (call.state !== 'incoming' || call.shown) return [call, []];
  const { callId, peerId } = call;
  return [{ ...call, shown: true }, [{ type: 'call.ringing', receiverId: peerId, callId }]];
}

/** An invite that may not have arrived would ring long after its person has put the phone away: the call is given up. */
function signalingLost(call: ClientCall, waiting: readonly Unnumbered<ClientCallFrame>[], now: number): OneCallStep {
  const unsure = call.state === 'outgoing' && waiting.some(f => f.type === 'call.invite' && f.callId === call.callId);
  return unsure ? [over(call, 'offline', now), [hangupFrame(call)]] : [call, []];
}

function learned(call: ClientCall, event: Extract<OneCallEvent, { type: 'learned' }>): ClientCall {
  if (call.state !== 'idle' || call.last?.callId !== event.callId || call.last.reason !== 'unheard') return call;
  return { state: 'idle', last: { ...call.last, reason: event.reason } };
}

/** Only a page that has not been in a call since tells of the one before. */
function left(call: ClientCall, event: Extract<OneCallEvent, { type: 'left' }>, now: number): ClientCall {
  if (call.state !== 'idle' || call.last !== null) return call;
  const { callId, peerId, media } = event;
  const end = { reason: 'left', wasOutgoing: true, connectedAt: null, endedAt: now } as const;
  return { state: 'idle', last: { callId, peerId, media, ...end } };
}

/** The other end reads that it was cancelled, or that the connection was lost: only this one can know why it was given up. */
function unsealed(call: ClientCall, event: Extract<OneCallEvent, { type: 'unsealed' }>, now: number): OneCallStep {
  if (call.state === 'idle' || call.callId !== event.callId) return [call, []];
  return [over(call, event.reason, now), [hangupFrame(call, 'connection-lost')]];
}

type LinkChanged = Extract<OneCallEvent, { type: `link-${LinkChange}` }>;

const LINK_CHANGES = {
  'link-negotiated': 'negotiated',
  'link-up': 'up',
  'link-down': 'down',
  'link-broken': 'broken',
} as const;

function linkChanged(call: ClientCall, event: LinkChanged, now: number): OneCallStep {
  const { type, callId, deviceId, link: number } = event;
  if (!isInCall(call) || call.callId !== callId) return [call, []];
  const [next, frames] = toLinks(call, deviceId, { type: LINK_CHANGES[type], number }, now);
  if (call.arriving === null || next === call) return [next, frames];
  if (!isInCall(next)) return stayed(call, now);
  const link = onlyLink(next);
  return [next, link?.state === 'up' ? [movedFrame(next, link)] : frames];
}

/** Ends a ring whose deadline has passed, even if the server says nothing; the links check their own deadlines. */
function timeOut(call: ClientCall, now: number): OneCallStep {
  const due = callDeadline(call);
  if (due === null || now < due) return [call, []];
  switch (call.state) {
    case 'idle':
      return [call, []];
    case 'incoming':
      return [over(call, 'missed', now), []];
    case 'outgoing':
      return [over(call, 'no-answer', now), [hangupFrame(call)]];
    case 'joined': {
      const [next, frames] = toLinks(call, 'all', { type: 'time' }, now);
      const isGivenUp = call.arriving !== null && (call.arriving <= now || !isInCall(next));
      return isGivenUp ? stayed(call, now) : [next, frames];
    }
    default:
      return assertNever(call);
  }
}

/** The session's `bye` cancels a call being placed and ends an active one; a ring goes on elsewhere. */
function pageHidden(call: ClientCall, now: number): ClientCall {
  if (call.state === 'idle') return call;
  return call.state === 'incoming' || isArriving(call) ? IDLE : over(call, 'left', now);
}
