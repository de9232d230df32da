import { ended, endCall, leaveRing, notIn, ringingAt, rungDevices, toldElsewhere } from '#protocol/call-server-endings';
import { type CallStep, type CallWorld, type Send } from '#protocol/call-server-events';
import { accepted, invite, refuse } from '#protocol/call-server-invite';
import { closeDoor, openDoor, withoutDoor } from '#protocol/call-server-guests';
import { arrive, dropArrival, moved } from '#protocol/call-server-moving';
import {
  type ActiveCall,
  type CallRegistry,
  type EndedCall,
  isDevice,
  isServed,
  type LiveCall,
  partOf,
  peerOf,
  type RingingCall,
  type Seat,
  seatOf,
  seatOfUser,
  withCall,
  withSeat,
} from '#protocol/call-state';
import { isSeatFrame, type ToSeat } from '#protocol/call-frames';
import { type HangupReason } from '#protocol/end-reason';
import { type CallId, type DeviceAddress } from '#protocol/ids';
import { type ClientCallFrame, type FrameOf, type Unnumbered } from '#protocol/messages';
import { quotedOf, rememberQuoted } from '#protocol/quoted';
import { assertNever } from '#protocol/result';

type Frame = Unnumbered<ClientCallFrame>;
type Of<T extends Frame['type']> = Unnumbered<FrameOf<ClientCallFrame, T>>;

/** One call frame of one device. What does not concern the part this device has in the call changes nothing. */
export function serveFrame(registry: CallRegistry, from: DeviceAddress, frame: Frame, world: CallWorld): CallStep {
  if (frame.type === 'guest.open') return openDoor(registry, from, frame, world);
  if (frame.type === 'guest.close') return closeDoor(registry, from, frame, world);
  if (frame.type === 'call.invite') return invite(registry, from, frame, world);
  const call = registry.calls.get(frame.callId);
  if (isSeatFrame(frame)) {
    const said = routeSeatFrame(call ?? world.endedCall(frame.callId), from, frame);
    return [registry, said ? [said] : []];
  }
  const part = call ? partOf(call, from) : null;
  if (
    frame.type === 'call.move' &&
    part !== 'seat' &&
    call?.state === 'active' &&
    seatOfUser(call, from.userId) !== undefined
  )
    return frame.receiverId === peerOf(call, from.userId)
      ? arrive(registry, call, from, frame, world)
      : [registry, [mismatch(from, frame)]];
  if (!call || !part) return [registry, [notIn(call ?? world.endedCall(frame.callId), from, frame.callId)]];
  if (frame.receiverId !== peerOf(call, from.userId)) return [registry, [mismatch(from, frame)]];
  return serveParty(registry, call, part, from, frame, world);
}

function serveParty(
  registry: CallRegistry,
  call: LiveCall,
  part: NonNullable<ReturnType<typeof partOf>>,
  from: DeviceAddress,
  frame: Exclude<Frame, Of<'call.invite' | 'guest.open' | 'guest.close'> | Unnumbered<ToSeat>>,
  world: CallWorld,
): CallStep {
  const rung = call.state === 'ringing' && part === 'rung' ? call : null;
  switch (frame.type) {
    case 'call.ringing':
      return rung ? shown(registry, rung, from) : [registry, []];
    case 'call.accept':
      return rung ? accept(registry, rung, from, frame, world) : [registry, []];
    case 'call.resume':
      return call.state === 'active' ? resume(registry, call, from, frame) : [registry, []];
    case 'call.move':
      return [registry, []];
    case 'call.moved':
      return call.state === 'active' && isServed(call, from)
        ? moved(registry, call, from, frame.link, world)
        : [registry, []];
    case 'call.decline':
      return rung ? decline(registry, rung, from, world) : [registry, []];
    case 'call.hangup':
      if (rung) return decline(registry, rung, from, world);
      if (call.state === 'active' && part === 'arriving') return dropArrival(registry, call, from, world);
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

/**
 * The first accept binds two devices into seats; all others of the callee stop ringing. A call that this device is in is
 * held from then on, in the same step (CA33).
 */
function accept(
  registry: CallRegistry,
  ringing: RingingCall,
  by: DeviceAddress,
  frame: Of<'call.accept'>,
  world: CallWorld,
): CallStep {
  const before = clearCurrent(registry, by, registry.places.get(by.userId)?.current);
  if (before === 'taken') return [registry, [placeTaken(by, frame)]];
  const [cleared, held] = before;
  const { callId, caller, calleeId, media, since, guest } = ringing;
  const present = { absentSince: null, held: false };
  const seat: Seat = { ...by, ...present, since: world.now };
  const call: ActiveCall = {
    state: 'active',
    callId,
    caller,
    calleeId,
    media,
    ...(guest && { guest }),
    seats: [{ ...caller, ...present, since }, seat],
    arriving: [],
    arrivals: 0,
  };
  const others = rungDevices(ringing).filter(device => device.deviceId !== by.deviceId);
  return [
    withCall(withoutDoor(cleared, callId), call),
    [
      ...held,
      { do: 'record', call },
      accepted(call, seat, frame.data),
      ...others.map(device => ended(device, caller.userId, callId, 'answered-elsewhere')),
      ...toldElsewhere(call, world),
    ],
  ];
}

/** CA34: the held call is the current one again. The one that was, is held in its place. */
function resume(registry: CallRegistry, call: ActiveCall, by: DeviceAddress, frame: Of<'call.resume'>): CallStep {
  if (!seatOf(call, by)?.held) return [registry, []];
  const resumed = withSeat(call, by, { held: false });
  const before = clearCurrent(withCall(registry, resumed), by, registry.places.get(by.userId)?.current);
  if (before === 'taken') return [registry, [placeTaken(by, frame)]];
  const [cleared, held] = before;
  return [cleared, [...held, { do: 'record', call: resumed }]];
}

/** Holds the call that this device is in; `taken` where it cannot be: it rings out, or another is held already. */
function clearCurrent(registry: CallRegistry, by: DeviceAddress, current: CallId | undefined): CallStep | 'taken' {
  const call = current === undefined ? undefined : registry.calls.get(current);
  if (!call) return [registry, []];
  if (call.state !== 'active' || !seatOf(call, by) || registry.places.get(by.userId)?.held !== undefined)
    return 'taken';
  const held = withSeat(call, by, { held: true });
  return [withCall(registry, held), [{ do: 'record', call: held }]];
}

const placeTaken = (to: DeviceAddress, frame: Frame): Send =>
  refuse(to, frame, 'place-taken', 'You cannot hold your call: another one is held, or it still rings.');

const decline = (registry: CallRegistry, call: RingingCall, by: DeviceAddress, world: CallWorld): CallStep =>
  endCall(registry, call, { caller: 'declined', callee: 'declined', devices: 'declined-elsewhere' }, world, by);

function hangUp(
  registry: CallRegistry,
  call: LiveCall,
  by: DeviceAddress,
  reason: HangupReason,
  world: CallWorld,
): CallStep {
  if (call.state === 'ringing') return leaveRing(registry, call, by, world);
  return endCall(registry, call, { caller: reason, callee: reason }, world, by);
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
 *   still rings and has no second seat, or the device that is meant has left it
 */
export function routeSeatFrame(
  call: LiveCall | EndedCall | undefined,
  from: DeviceAddress,
  frame: Unnumbered<ToSeat>,
): Send | null {
  if (call === undefined || call.state === 'ended' || !partOf(call, from)) return notIn(call, from, frame.callId);
  if (call.state === 'ringing') return frame.receiverId === peerOf(call, from.userId) ? null : mismatch(from, frame);
  const seat = call.seats.find(({ userId }) => userId === frame.receiverId && userId !== from.userId);
  if (seat === undefined) return mismatch(from, frame);
  const to = meant(call, seat, frame.deviceId);
  if (to === undefined || (!seatOf(call, from) && !isServed(call, from))) return null;
  const { type, callId, link, data } = frame;
  const { userId: senderId, deviceId } = from;
  const told = { type, senderId, receiverId: to.userId, callId, deviceId, link, data };
  return { do: 'send', to, frame: rememberQuoted(told, quotedOf(frame)) };
}

/** The device in this seat, or the one that takes it over, where it is that one that is meant. */
function meant(call: ActiveCall, seat: Seat, deviceId = seat.deviceId): DeviceAddress | undefined {
  const device = { userId: seat.userId, deviceId };
  return isDevice(seat, device) || isServed(call, device) ? device : undefined;
}
