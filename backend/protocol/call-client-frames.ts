import { type OneCallStep } from '#protocol/call-client-events';
import { hangupFrame, over, ringOf, rung, seated, toLinks } from '#protocol/call-client-moves';
import { hearMoving } from '#protocol/call-client-moving';
import { type AnyCall, type ClientCall, isInCall, type Joined } from '#protocol/call-client-state';
import { type FromSeat, isSeatFrame } from '#protocol/call-frames';
import { type FrameOf, type ServerCallFrame, type Unnumbered } from '#protocol/messages';
import { assertNever } from '#protocol/result';
import { type Fault } from '#protocol/session-frames';

type Frame = Unnumbered<ServerCallFrame>;
type Of<T extends Frame['type']> = Unnumbered<FrameOf<ServerCallFrame, T>>;

type Said = Pick<FromSeat, 'type' | 'deviceId' | 'link' | 'data'>;

/** One frame of the server. CA3: what is not of this page's call changes nothing, a crossing message is no error. */
export function hear(call: ClientCall, frame: Frame | Unnumbered<Fault>, now: number): OneCallStep {
  if (frame.type === 'fault') return refused(call, frame, now);
  if (frame.type === 'call.invited') return invited(call, frame, now);
  return call.state !== 'idle' && call.callId === frame.callId ? hearOwn(call, frame, now) : [call, []];
}

const invited = (call: ClientCall, frame: Of<'call.invited'>, now: number): OneCallStep =>
  call.state !== 'idle' && call.callId === frame.callId ? [call, []] : rung(call, ringOf(frame), now);

function hearOwn(call: AnyCall, frame: Exclude<Frame, Of<'call.invited'>>, now: number): OneCallStep {
  if (isSeatFrame(frame)) return isInCall(call) ? fromSeat(call, frame, now) : [call, []];
  switch (frame.type) {
    case 'call.ringing':
      return [call.state === 'outgoing' || call.state === 'incoming' ? { ...call, devices: frame.devices } : call, []];
    case 'call.accepted':
      return [call.state === 'outgoing' ? seated(call, 'caller', call.media, frame.deviceId, now) : call, []];
    case 'call.ended':
      return [over(call, frame.reason, now), []];
    case 'call.moving':
      return isInCall(call) ? hearMoving(call, frame, now) : [call, []];
    case 'call.elsewhere':
    case 'guest.link':
      return [call, []];
    case 'call.peer-absent':
      return isInCall(call) ? toLinks(call, 'all', { type: frame.absent ? 'absent' : 'returned' }, now) : [call, []];
    default:
      return assertNever(frame);
  }
}

/** What another seat says concerns the link to its device; a device without one is in no seat that this page knows. */
function fromSeat(call: Joined, { type, deviceId, link, data }: Said, now: number): OneCallStep {
  const heard = { type: 'heard', number: link } as const;
  return toLinks(call, deviceId, type === 'call.media-state' ? { ...heard, media: data } : heard, now);
}

/** An invite that is refused never was a call; of an accept that is refused one must not leave the caller waiting. */
function refused(call: ClientCall, { re, retryMs }: Unnumbered<Fault>, now: number): OneCallStep {
  if (call.state === 'idle' || re.id !== call.callId) return [call, []];
  const reason = retryMs === undefined ? 'unavailable' : 'try-later';
  if (call.state === 'outgoing' && re.type === 'call.invite') return [over(call, reason, now), []];
  if (isInCall(call) && re.type === 'call.move') return [over(call, 'stayed', now), []];
  if (isInCall(call) && re.type === 'call.accept') return [over(call, reason, now), [hangupFrame(call)]];
  return [call, []];
}
