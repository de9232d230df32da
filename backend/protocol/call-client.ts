import { type ClientCallEvent, type ClientCallStep, type OneCallEvent } from '#protocol/call-client-events';
import { accept, hangupFrame, incoming, over, ringOf, rung } from '#protocol/call-client-moves';
import { nextOne } from '#protocol/call-client-one';
import { resync } from '#protocol/call-client-resync';
import { type ClientCall, type ClientCalls, isInCall, linkTo, withId } from '#protocol/call-client-state';
import { type FromSeat } from '#protocol/call-frames';
import { type CallId } from '#protocol/ids';
import { type ClientCallFrame, type FrameOf, type ServerCallFrame, type Unnumbered } from '#protocol/messages';

type Says = readonly Unnumbered<ClientCallFrame>[];

/**
 * The client half of the call machine (PROTOCOL.md, Calls). Total: an event that does not fit the state changes nothing
 * and gives back the same object (CA3).
 * ```
 *   waiting ── hold and accept, end and accept ──► current ⇄ held
 *      │                                              │
 *      └──── nothing is current any more ────────►────┘
 * ```
 * @param now milliseconds on a clock that never goes back (`performance.now()`)
 */
export function nextCalls(calls: ClientCalls, event: ClientCallEvent, now: number): ClientCallStep {
  const [next, frames] = step(calls, event, now);
  return [next === calls ? calls : rangUp(next), frames];
}

/** What rings beside a call that is over rings in its place. */
const rangUp = (calls: ClientCalls): ClientCalls =>
  calls.waiting !== null && calls.current.state === 'idle'
    ? { ...calls, current: calls.waiting, waiting: null }
    : calls;

function step(calls: ClientCalls, event: ClientCallEvent, now: number): ClientCallStep {
  switch (event.type) {
    case 'welcome':
      return resync(calls, event, now);
    case 'hold-and-accept':
    case 'end-and-accept':
      return acceptWaiting(calls, event, now);
    case 'decline-waiting':
      return onWaiting(calls, { type: 'decline' }, now);
    case 'resume':
      return resume(calls);
    case 'end-held':
      return onHeld(calls, { type: 'hang-up' }, now);
    case 'place':
    case 'move':
      return calls.held === null ? onCurrent(calls, event, now) : [calls, []];
    case 'ring-shown':
      return calls.waiting === null ? onCurrent(calls, event, now) : onWaiting(calls, event, now);
    case 'link-negotiated':
    case 'link-up':
    case 'link-down':
    case 'link-broken':
    case 'unsealed':
      return onCall(calls, event.callId, event, now);
    case 'frame':
      return hear(calls, event, now);
    case 'time':
    case 'page-hidden':
      return onAll(calls, event, now);
    default:
      return onCurrent(calls, event, now);
  }
}

/** Whether a waiting own frame is sent again after a `new` welcome: what leaves a call always, an accept while the page is still in that call. */
export function survivesNewSession(frame: Unnumbered<ClientCallFrame>, calls: ClientCalls): boolean {
  if (frame.type === 'call.hangup' || frame.type === 'call.decline') return true;
  return frame.type === 'call.accept' && withId(calls, frame.callId) !== undefined;
}

/** Whether a description or candidate from another seat belongs to a link of this state: lower numbers are dropped. */
export const concernsLink = (
  call: ClientCall,
  { callId, deviceId, link }: Pick<FromSeat, 'callId' | 'deviceId' | 'link'>,
): boolean => isInCall(call) && call.callId === callId && linkTo(call, deviceId)?.number === link;

/** Whether the current call can be held: it has a seat, and no other is held. */
export const canHold = ({ current, held }: ClientCalls): boolean => isInCall(current) && held === null;

/** Whether the held call can be resumed: no other one rings, here or there. */
export const canResume = ({ current, held }: ClientCalls): boolean =>
  held !== null && (isInCall(current) || current.state === 'idle');

type AcceptWaiting = Extract<ClientCallEvent, { type: 'hold-and-accept' | 'end-and-accept' }>;

/** CA33. The server holds the current call by itself; one that is to end is hung up before. */
function acceptWaiting(calls: ClientCalls, { type, media, data }: AcceptWaiting, now: number): ClientCallStep {
  const { current, held, waiting } = calls;
  if (waiting === null || current.state === 'idle') return [calls, []];
  const [next, frames] = accept(waiting, media, data, now);
  if (type === 'end-and-accept') return [{ ...calls, current: next, waiting: null }, [hangupFrame(current), ...frames]];
  if (!isInCall(current) || held !== null) return [calls, []];
  return [{ ...calls, current: next, held: current, waiting: null }, frames];
}

/** CA34. */
function resume(calls: ClientCalls): ClientCallStep {
  const { current, held } = calls;
  if (held === null || !canResume(calls)) return [calls, []];
  const { callId, peerId } = held;
  const next = { ...calls, current: held, held: isInCall(current) ? current : null };
  return [next, [{ type: 'call.resume', receiverId: peerId, callId }]];
}

function hear(calls: ClientCalls, event: Extract<OneCallEvent, { type: 'frame' }>, now: number): ClientCallStep {
  const { frame } = event;
  if (frame.type === 'fault') return onAll(calls, event, now);
  return frame.type === 'call.invited' ? invited(calls, frame, now) : onCall(calls, frame.callId, event, now);
}

/**
 * A waiting ring ends nothing (CA32): it rings beside the current call, and another that rang before it is over. Any other
 * one proves that all of this page's calls are (CA4).
 */
function invited(
  calls: ClientCalls,
  frame: Unnumbered<FrameOf<ServerCallFrame, 'call.invited'>>,
  now: number,
): ClientCallStep {
  if (withId(calls, frame.callId)) return [calls, []];
  const { current, held } = calls;
  const ring = ringOf(frame);
  if (frame.waiting === true && (isInCall(current) || current.state === 'outgoing'))
    return [{ ...calls, waiting: incoming(ring, now) }, []];
  const [next, frames] = rung(current, ring, now);
  if (frame.waiting === true || held === null) return [{ ...calls, current: next, waiting: null }, frames];
  const passed = over(held, 'unheard', now).last;
  return [{ current: next, held: null, waiting: null, passed }, [hangupFrame(held), ...frames]];
}

function onAll(calls: ClientCalls, event: OneCallEvent, now: number): ClientCallStep {
  let next = calls;
  const all: Says[number][] = [];
  for (const on of [onHeld, onWaiting, onCurrent]) {
    const [after, frames] = on(next, event, now);
    next = after;
    all.push(...frames);
  }
  return [next, all];
}

function onCall(calls: ClientCalls, callId: CallId, event: OneCallEvent, now: number): ClientCallStep {
  if (calls.held?.callId === callId) return onHeld(calls, event, now);
  return calls.waiting?.callId === callId ? onWaiting(calls, event, now) : onCurrent(calls, event, now);
}

function onCurrent(calls: ClientCalls, event: OneCallEvent, now: number): ClientCallStep {
  const [current, frames] = nextOne(calls.current, event, now);
  return [current === calls.current ? calls : { ...calls, current }, frames];
}

/** A held call stays held, or is over. */
function onHeld(calls: ClientCalls, event: OneCallEvent, now: number): ClientCallStep {
  if (calls.held === null) return [calls, []];
  const [held, frames] = nextOne(calls.held, event, now);
  if (held === calls.held) return [calls, frames];
  if (isInCall(held)) return [{ ...calls, held }, frames];
  return [{ ...calls, held: null, passed: held.state === 'idle' ? held.last : calls.passed }, frames];
}

/** A call that waits goes on ringing, or is over; the log says how it ended. */
function onWaiting(calls: ClientCalls, event: OneCallEvent, now: number): ClientCallStep {
  if (calls.waiting === null) return [calls, []];
  const [waiting, frames] = nextOne(calls.waiting, event, now);
  if (waiting === calls.waiting) return [calls, frames];
  return [{ ...calls, waiting: waiting.state === 'incoming' ? waiting : null }, frames];
}
