import { type ClientCallStep } from '#protocol/call-client-events';
import { hangupFrame, over, relinked, rung, seated } from '#protocol/call-client-moves';
import { type AnyCall, type ClientCall, type InCall, isInCall } from '#protocol/call-client-state';
import { type FromSeat, isSeatFrame } from '#protocol/call-frames';
import { type FrameOf, type ServerCallFrame, type Unnumbered } from '#protocol/messages';
import { assertNever } from '#protocol/result';
import { type Fault } from '#protocol/session-frames';

type Frame = Unnumbered<ServerCallFrame>;
type Of<T extends Frame['type']> = Unnumbered<FrameOf<ServerCallFrame, T>>;

/** One frame of the server. CA3: what is not of this page's call changes nothing, a crossing message is no error. */
export function hear(call: ClientCall, frame: Frame | Unnumbered<Fault>, now: number): ClientCallStep {
  if (frame.type === 'fault') return refused(call, frame, now);
  if (frame.type === 'call.invited') return invited(call, frame, now);
  return call.state !== 'idle' && call.callId === frame.callId ? hearOwn(call, frame, now) : [call, []];
}

function invited(call: ClientCall, frame: Of<'call.invited'>, now: number): ClientCallStep {
  const { callId, senderId: peerId, media, ringMs } = frame;
  if (call.state !== 'idle' && call.callId === callId) return [call, []];
  return rung(call, { callId, peerId, media, ringMs }, now);
}

function hearOwn(call: AnyCall, frame: Exclude<Frame, Of<'call.invited'>>, now: number): ClientCallStep {
  if (isSeatFrame(frame)) return isInCall(call) ? fromSeat(call, frame, now) : [call, []];
  switch (frame.type) {
    case 'call.ringing':
      return [call.state === 'outgoing' || call.state === 'incoming' ? { ...call, devices: frame.devices } : call, []];
    case 'call.accepted': {
      if (call.state !== 'outgoing') return [call, []];
      const seat = { role: 'impolite', own: call.media, peerDeviceId: frame.deviceId } as const;
      return [seated(call, seat, now), []];
    }
    case 'call.ended':
      return [over(call, frame.reason, now), []];
    case 'call.peer-absent':
      return [isInCall(call) ? peerAbsent(call, frame.absent) : call, []];
    default:
      return assertNever(frame);
  }
}

/** The other seat's welcome may have cost frames of both directions: signaling has come back here as well. */
const peerAbsent = (call: InCall, absent: boolean): InCall => ({
  ...call,
  peerAbsent: absent,
  returns: absent ? call.returns : call.returns + 1,
});

/** What the other seat says names its device; a higher link number says that it had to build a new peer connection. */
function fromSeat(call: InCall, frame: Pick<FromSeat, 'deviceId' | 'link'>, now: number): ClientCallStep {
  const known = call.peerDeviceId === frame.deviceId ? call : { ...call, peerDeviceId: frame.deviceId };
  return frame.link > known.link ? relinked(known, frame.link, now) : [known, []];
}

/** An invite that is refused never was a call; of an accept that is refused one must not leave the caller waiting. */
function refused(call: ClientCall, { re, retryMs }: Unnumbered<Fault>, now: number): ClientCallStep {
  if (call.state === 'idle' || re.id !== call.callId) return [call, []];
  const reason = retryMs === undefined ? 'unavailable' : 'try-later';
  if (call.state === 'outgoing' && re.type === 'call.invite') return [over(call, reason, now), []];
  if (isInCall(call) && re.type === 'call.accept') return [over(call, reason, now), [hangupFrame(call)]];
  return [call, []];
}
