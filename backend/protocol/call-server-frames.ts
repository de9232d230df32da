import { ended, endCall, leaveRing, notIn, ringingAt, rungDevices } from '#protocol/call-server-endings';
import { type CallStep, type CallWorld, type Send } from '#protocol/call-server-events';
import { accepted, invite, refuse } from '#protocol/call-server-invite';
import {
  type ActiveCall,
  type CallRegistry,
  type EndedCall,
  type LiveCall,
  partOf,
  peerOf,
  type RingingCall,
  type Seat,
  withCall,
} from '#protocol/call-state';
import { isSeatFrame, type ToSeat } from '#protocol/call-frames';
import { type HangupReason } from '#protocol/end-reason';
import { type DeviceAddress } from '#protocol/ids';
import { type ClientCallFrame, type FrameOf, type Unnumbered } from '#protocol/messages';
import { quotedOf, rememberQuoted } from '#protocol/quoted';
import { assertNever } from '#protocol/result';

type Frame = Unnumbered<ClientCallFrame>;
type Of<T extends Frame['type']> = Unnumbered<FrameOf<ClientCallFrame, T>>;

/** One call frame of one device. What does not concern the part this device has in the call changes nothing. */
export function serveFrame(registry: CallRegistry, from: DeviceAddress, frame: Frame, world: CallWorld): CallStep {
  if (frame.type === 'call.invite') return invite(registry, from, frame, world);
  const call = registry.calls.get(frame.callId);
  if (isSeatFrame(frame)) {
    const said = routeSeatFrame(call ?? world.endedCall(frame.callId), from, frame);
    return [registry, said ? [said] : []];
  }
  const part = call ? partOf(call, from) : null;
  if (!call || !part) return [registry, [notIn(call ?? world.endedCall(frame.callId), from, frame.callId)]];
  if (frame.receiverId !== peerOf(call, from.userId)) return [registry, [mismatch(from, frame)]];
  return serveParty(registry, call, part, from, frame, world);
}

function serveParty(
  registry: CallRegistry,
  call: LiveCall,
  part: NonNullable<ReturnType<typeof partOf>>,
  from: DeviceAddress,
  frame: Exclude<Frame, Of<'call.invite'> | Unnumbered<ToSeat>>,
  world: CallWorld,
): CallStep {
  const rung = call.state === 'ringing' && part === 'rung' ? call : null;
  switch (frame.type) {
    case 'call.ringing':
      return rung ? shown(registry, rung, from) : [registry, []];
    case 'call.accept':
      return rung ? accept(registry, rung, from, frame.data) : [registry, []];
    case 'call.decline':
      return rung ? decline(registry, rung, from) : [registry, []];
    case 'call.hangup':
      if (rung) return decline(registry, rung, from);
      return hangUp(registry, call, from, frame.reason ?? 'hung-up', world);
    default:
      return assertNever(frame);
  }
}

/** Ringing is confirmed by pages: only a device that says so counts. */
function shown(registry: CallRegistry, call: RingingCall, { deviceId }: DeviceAddress): CallStep {
  if (call.shown.includes(deviceId)) return [registry, []];
  const counted: RingingCall = { ...call, shown: [...call.shown, deviceId] };
  return [withCall(registry, counted), ringingAt(counted)];
}

/** The first accept binds two devices into seats; all others of the callee stop ringing. */
function accept(registry: CallRegistry, ringing: RingingCall, by: DeviceAddress, data: string | undefined): CallStep {
  const { callId, caller, calleeId, media } = ringing;
  const seat: Seat = { ...by, absentSince: null };
  const seats = [{ ...caller, absentSince: null }, seat];
  const call: ActiveCall = { state: 'active', callId, caller, calleeId, media, seats };
  const others = rungDevices(ringing).filter(device => device.deviceId !== by.deviceId);
  return [
    withCall(registry, call),
    [
      { do: 'record', call },
      accepted(call, seat, data),
      ...others.map(device => ended(device, caller.userId, callId, 'answered-elsewhere')),
    ],
  ];
}

const decline = (registry: CallRegistry, call: RingingCall, by: DeviceAddress): CallStep =>
  endCall(registry, call, { caller: 'declined', callee: 'declined', devices: 'declined-elsewhere' }, by);

function hangUp(
  registry: CallRegistry,
  call: LiveCall,
  by: DeviceAddress,
  reason: HangupReason,
  world: CallWorld,
): CallStep {
  if (call.state === 'ringing') return leaveRing(registry, call, by, world);
  return endCall(registry, call, { caller: reason, callee: reason }, by);
}

const mismatch = (from: DeviceAddress, frame: Frame): Send =>
  refuse(from, frame, 'receiver-mismatch', 'This call is with somebody else.');

/**
 * Routes a frame between two seats of a call. It is sent to the seat of its receiver alone. The sender's user and device
 * are those of `from`, never what the frame claims; `data` is not read. The call does not change, so every process that
 * knows the call can route.
 *
 * @param call the call that the frame names; undefined where there is none
 * @returns the routed frame, or an answer to the sender that refuses it; null where the frame is dropped, because the call
 *   still rings and has no second seat
 */
export function routeSeatFrame(
  call: LiveCall | EndedCall | undefined,
  from: DeviceAddress,
  frame: Unnumbered<ToSeat>,
): Send | null {
  if (call === undefined || call.state === 'ended' || !partOf(call, from)) return notIn(call, from, frame.callId);
  if (call.state === 'ringing') return frame.receiverId === peerOf(call, from.userId) ? null : mismatch(from, frame);
  const to = call.seats.find(seat => seat.userId === frame.receiverId && seat.userId !== from.userId);
  if (to === undefined) return mismatch(from, frame);
  const { type, callId, link, data } = frame;
  const { userId: senderId, deviceId } = from;
  const told = { type, senderId, receiverId: to.userId, callId, deviceId, link, data };
  return { do: 'send', to, frame: rememberQuoted(told, quotedOf(frame)) };
}
