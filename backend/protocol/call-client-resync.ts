import { type ClientCallEvent, type ClientCallStep } from '#protocol/call-client-events';
import { hangupFrame, incoming, over, type Ring, rung, seated, toLinks } from '#protocol/call-client-moves';
import { type ClientCall, isInCall, type Joined, type Outgoing } from '#protocol/call-client-state';
import { type DeviceId } from '#protocol/ids';
import { type ClientCallFrame } from '#protocol/messages';

type Welcome = Extract<ClientCallEvent, { type: 'welcome' }>;

/**
 * The call of a welcome replaces one's own, except where own frames that it does not confirm say more. A resumed
 * session has lost nothing: what its outboxes still hold would come after a picture that is newer.
 */
export function resync(call: ClientCall, welcome: Welcome, now: number): ClientCallStep {
  if (welcome.how === 'resumed') return [call, []];
  const [next, frames] = apply(call, welcome, now);
  const goesOn = isInCall(next) && isInCall(call) && next.callId === call.callId;
  return goesOn ? toLinks(next, 'all', { type: 'returned' }, now) : [next, frames];
}

function apply(call: ClientCall, { call: told, waiting }: Welcome, now: number): ClientCallStep {
  const isWaiting = (type: ClientCallFrame['type'], callId: string): boolean =>
    waiting.some(frame => frame.type === type && frame.callId === callId);
  // A call hung up or declined does not come back.
  const left = told !== undefined && (isWaiting('call.hangup', told.callId) || isWaiting('call.decline', told.callId));
  // An invite or an accept on its way stands until the server answers it.
  const stands =
    (call.state === 'outgoing' && isWaiting('call.invite', call.callId)) ||
    (isInCall(call) && isWaiting('call.accept', call.callId));

  const peerDeviceId = told?.peerDeviceId;
  if (told?.as === 'rung' && peerDeviceId !== undefined && !left)
    return rungByWelcome(call, { ...told, peerDeviceId, ringMs: told.ringMs ?? 0 }, stands, now);
  const own = told !== undefined && call.state !== 'idle' && call.callId === told.callId;
  if (own && told.as === 'caller') return [call, []];
  if (own && told.as === 'seat' && peerDeviceId !== undefined && call.state !== 'incoming')
    return [takenSeat(call, peerDeviceId, now), []];

  const stray = (told?.as === 'seat' || told?.as === 'caller') && !left ? [hangupFrame(told)] : [];
  return [call.state === 'idle' || stands ? call : over(call, 'unheard', now), stray];
}

/** Rung by this page's own call, its accept was lost or it rings already; rung by another, CA4. */
function rungByWelcome(call: ClientCall, ring: Ring, stands: boolean, now: number): ClientCallStep {
  if (call.state === 'idle' || call.callId !== ring.callId) return rung(call, ring, now);
  return [stands ? call : incoming(ring, now), []];
}

/** The page is in the call: it goes on, and an outgoing one that was accepted meanwhile has its seat. */
function takenSeat(call: Outgoing | Joined, peerDeviceId: DeviceId, now: number): ClientCall {
  if (call.state === 'outgoing') return seated(call, 'caller', call.media, peerDeviceId, now);
  if (call.links.has(peerDeviceId)) return call;
  return seated(call, call.seat === 0 ? 'caller' : 'callee', call.own, peerDeviceId, now);
}
