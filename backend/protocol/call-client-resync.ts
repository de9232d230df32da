import { type ClientCallEvent, type ClientCallStep, type OneCallStep } from '#protocol/call-client-events';
import { hangupFrame, incoming, over, type Ring, rung, seated, toLinks } from '#protocol/call-client-moves';
import { withSeat } from '#protocol/call-client-moving';
import {
  type AnyCall,
  type ClientCall,
  type ClientCalls,
  isInCall,
  type Joined,
  type OutcomeReason,
  type Outgoing,
  withId,
} from '#protocol/call-client-state';
import { type WelcomeCall } from '#protocol/call-frames';
import { type CallId, type DeviceId } from '#protocol/ids';
import { type ClientCallFrame, type Unnumbered } from '#protocol/messages';

type Welcome = Extract<ClientCallEvent, { type: 'welcome' }>;

/**
 * The calls of a welcome replace one's own, except where own frames that it does not confirm say more. A resumed
 * session has lost nothing: what its outboxes still hold would come after a picture that is newer.
 */
export function resync(calls: ClientCalls, welcome: Welcome, now: number): ClientCallStep {
  if (welcome.how === 'resumed') return [calls, []];
  const told = welcome.calls.filter(({ callId }) => !isLeft(welcome, callId));
  const before = settled(calls, { ...welcome, calls: told }, now);
  const [after, frames] = ringing(before, calls, told, now);
  const strays = told.filter(({ as, callId }) => (as === 'seat' || as === 'caller') && !withId(before, callId));
  return [after, [...strays.map(stray => hangupFrame(stray)), ...frames, ...resumed(after, welcome)]];
}

const says = ({ waiting }: Welcome, type: ClientCallFrame['type'], callId: CallId): boolean =>
  waiting.some(frame => frame.type === type && frame.callId === callId);

/** A call hung up or declined does not come back. */
const isLeft = (welcome: Welcome, callId: CallId): boolean =>
  says(welcome, 'call.hangup', callId) || says(welcome, 'call.decline', callId);

/** Each of the page's calls as the welcome tells it. */
function settled(calls: ClientCalls, welcome: Welcome, now: number): ClientCalls {
  const { current, held, waiting } = calls;
  const [after, of, rang] = [current, held, waiting].map(call =>
    call === null || call.state === 'idle' ? call : settledCall(call, welcome, now),
  );
  return {
    current: after ?? current,
    held: of?.state === 'joined' ? of : null,
    waiting: rang?.state === 'incoming' ? rang : null,
    passed: of?.state === 'idle' ? of.last : calls.passed,
  };
}

function settledCall(call: AnyCall, welcome: Welcome, now: number): ClientCall {
  const told = welcome.calls.find(({ callId }) => callId === call.callId);
  // An invite or an accept on its way stands until the server answers it.
  const stands =
    (call.state === 'outgoing' && says(welcome, 'call.invite', call.callId)) ||
    (isInCall(call) && says(welcome, 'call.accept', call.callId));
  const next = told === undefined || stands ? null : toldCall(call, told, now);
  if (next === null) return stands ? returned(call, now) : over(call, whyNotHere(call, told), now);
  return isInCall(call) ? returned(next, now) : next;
}

/** A call that is at another device of this person has moved there, or has stayed. */
function whyNotHere(call: AnyCall, told: WelcomeCall | undefined): OutcomeReason {
  if (told?.as !== 'elsewhere' || !isInCall(call)) return 'unheard';
  if (call.arriving !== null) return 'stayed';
  return call.connectedAt === null ? 'unheard' : 'moved';
}

/** This call as the welcome tells it; null where the page is no longer in it. */
function toldCall(call: AnyCall, told: WelcomeCall, now: number): ClientCall | null {
  const { as, peerDeviceId } = told;
  if (as === 'rung' && peerDeviceId !== undefined) return incoming(ringOf(told, peerDeviceId), now);
  if (as === 'caller') return call;
  if (as === 'seat' && peerDeviceId !== undefined && call.state !== 'incoming')
    return takenSeat(call, peerDeviceId, now);
  return null;
}

/** Signaling has come back at the links of a call that goes on. */
const returned = (call: ClientCall, now: number): ClientCall =>
  isInCall(call) ? toLinks(call, 'all', { type: 'returned' }, now)[0] : call;

/** The page is in the call: it goes on, and an outgoing one that was accepted meanwhile has its seat. */
function takenSeat(call: Outgoing | Joined, peerDeviceId: DeviceId, now: number): ClientCall {
  if (call.state === 'outgoing') return seated(call, 'caller', call.media, peerDeviceId, now);
  return withSeat(call, peerDeviceId, now);
}

const ringOf = (told: WelcomeCall, peerDeviceId: DeviceId): Ring => ({
  ...told,
  peerDeviceId,
  ringMs: told.ringMs ?? 0,
});

/** A ring that the page does not know: beside a call in which the server sees this device too, else CA4. */
function ringing(calls: ClientCalls, before: ClientCalls, told: readonly WelcomeCall[], now: number): ClientCallStep {
  const ring = told.find(({ as, callId }) => as === 'rung' && !withId(before, callId));
  if (ring?.peerDeviceId === undefined) return [calls, []];
  const rings = ringOf(ring, ring.peerDeviceId);
  const { current } = calls;
  const isBeside = told.some(({ as }) => as === 'seat') && (isInCall(current) || current.state === 'outgoing');
  if (isBeside) return [{ ...calls, waiting: incoming(rings, now) }, []];
  const [next, frames]: OneCallStep = rung(current, rings, now);
  return [{ ...calls, current: next, waiting: null }, frames];
}

/** CA34: which of two calls is the current one is the page's word, also where an accept on its way will make it the other. */
function resumed({ current, held }: ClientCalls, welcome: Welcome): Unnumbered<ClientCallFrame>[] {
  if (!isInCall(current)) return [];
  const { callId, peerId: receiverId } = current;
  const isHeld = welcome.calls.some(told => told.callId === callId && told.place === 'held');
  const willBe = held !== null && says(welcome, 'call.accept', held.callId);
  return isHeld || willBe ? [{ type: 'call.resume', receiverId, callId }] : [];
}
