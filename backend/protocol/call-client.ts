import { type ClientCallEvent, type ClientCallStep } from '#protocol/call-client-events';
import { type ClientCall } from '#protocol/call-client-state';
import { type CallId } from '#protocol/ids';
import { type ClientCallFrame, type Unnumbered } from '#protocol/messages';

/**
 * The client half of the call machine (PROTOCOL.md, Calls). Total: an event that does not fit the state changes nothing
 * and gives back the same object (CA3).
 * @param now milliseconds on a clock that never goes back (`performance.now()`)
 */
export function nextCall(call: ClientCall, event: ClientCallEvent, now: number): ClientCallStep {
  void event;
  void now;
  return [call, []];
}

/** Whether a waiting own frame is sent again after a `new` welcome: what leaves a call always, an accept while the page is still in that call. */
export function survivesNewSession(frame: Unnumbered<ClientCallFrame>, call: ClientCall): boolean {
  if (frame.type === 'call.hangup' || frame.type === 'call.decline') return true;
  return frame.type === 'call.accept' && call.state !== 'idle' && call.callId === frame.callId;
}

/** Whether a description or candidate from the other seat belongs to the link of this state: lower numbers are dropped. */
export function concernsLink(call: ClientCall, frame: { readonly callId: CallId; readonly link: number }): boolean {
  return 'link' in call && call.callId === frame.callId && call.link === frame.link;
}
