import { type CallEffect, type CallStep, type CallWorld, type Send } from '#protocol/call-server-events';
import {
  type ActiveCall,
  type CallRegistry,
  type EndedCall,
  endedCall,
  isDevice,
  type LiveCall,
  peerOf,
  reasonFor,
  type RingingCall,
  type Seat,
  withCall,
  seatOfUser,
} from '#protocol/call-state';
import { type EndReason } from '#protocol/end-reason';
import { type CallId, type DeviceAddress, type DeviceId, type UserId } from '#protocol/ids';
import { REACHABLE_WITHIN_MS } from '#protocol/limits';

/** `call.ended` for one device; `senderId` is the other party as far as this device's user may know it. */
export function ended(to: DeviceAddress, senderId: UserId, callId: CallId, reason: EndReason): Send {
  return { do: 'send', to, frame: { type: 'call.ended', senderId, receiverId: to.userId, callId, reason } };
}

/** The devices that take part in a call, the caller's first. */
export const devicesOf = (call: LiveCall): readonly DeviceAddress[] =>
  call.state === 'active' ? [...call.seats, ...call.arriving] : [call.caller, ...rungDevices(call)];

export const rungDevices = (call: RingingCall): DeviceAddress[] =>
  call.rings.map(deviceId => ({ userId: call.calleeId, deviceId }));

/** Why a call ends, for each side; `devices` is what the callee's devices hear where it differs from the log. */
interface Reasons {
  readonly caller: EndReason;
  readonly callee: EndReason;
  readonly devices?: EndReason;
}

/** Ends a live call now: written first, then told to all its devices but `by`, which knows. */
export function endCall(
  registry: CallRegistry,
  call: LiveCall,
  reasons: Reasons,
  world: Pick<CallWorld, 'now' | 'sessions'>,
  by?: DeviceAddress,
): CallStep {
  const { callId, caller } = call;
  const answered = call.state === 'active' ? seatOfUser(call, call.calleeId) : undefined;
  const withheld = call.state === 'ringing' && call.withheld;
  const calleeReason = withheld ? (call.calleeLeft?.reason ?? null) : reasons.callee;
  const over = endedCall(call, answered?.deviceId ?? null, reasons.caller, calleeReason, world.now);
  const sends = devicesOf(call)
    .filter(device => by === undefined || !isDevice(device, by))
    .map(device => {
      const reason = device.userId === caller.userId ? reasons.caller : (reasons.devices ?? reasons.callee);
      return ended(device, peerOf(call, device.userId), callId, reason);
    });
  const elsewhere = call.state === 'active' ? toldElsewhere(call, world, true) : [];
  return [withCall(registry, over), [{ do: 'record', call: over }, ...sends, ...elsewhere]];
}

/** What the devices of its people hear of an active call that are not in it: which of theirs is, or that it is over. */
export function toldElsewhere(call: ActiveCall, world: Pick<CallWorld, 'sessions'>, isOver = false): Send[] {
  // A guest is at home at one device alone: no other can take such a call over.
  if (call.guest) return [];
  const { callId, media } = call;
  const isIn = (deviceId: DeviceId): boolean => devicesOf(call).some(device => device.deviceId === deviceId);
  return call.seats.flatMap(({ userId, deviceId: seat }) => {
    const facts = { senderId: peerOf(call, userId), receiverId: userId, callId, media };
    const told = { type: 'call.elsewhere', ...facts, ...(isOver ? {} : { deviceId: seat }) } as const;
    const others = world.sessions(userId).filter(deviceId => !isIn(deviceId));
    return others.map((deviceId): Send => ({ do: 'send', to: { userId, deviceId }, frame: told }));
  });
}

/** When a ring at these devices ends as `unavailable`: soon where there is none and no push can ring, else never. */
export const reachableBy = (
  { rings, calleeId, waiting, guest }: Pick<RingingCall, 'rings' | 'calleeId' | 'waiting' | 'guest'>,
  world: CallWorld,
): number | null =>
  rings.length === 0 && (waiting || guest !== undefined || !world.hasPush(calleeId))
    ? world.now + REACHABLE_WITHIN_MS
    : null;

/** A device leaves a call that rings: the caller's cancels it; after the last of the callee's it rings nowhere. */
export function leaveRing(registry: CallRegistry, call: RingingCall, seat: DeviceAddress, world: CallWorld): CallStep {
  if (isDevice(call.caller, seat))
    return endCall(registry, call, { caller: 'cancelled', callee: 'cancelled' }, world, seat);
  const rings = call.rings.filter(deviceId => deviceId !== seat.deviceId);
  const shown = call.shown.filter(deviceId => deviceId !== seat.deviceId);
  const still: RingingCall = { ...call, rings, shown, reachableBy: reachableBy({ ...call, rings }, world) };
  return [withCall(registry, still), shown.length < call.shown.length ? ringingAt(still) : []];
}

/**
 * The callee blocks the caller, to whom it is as if the callee's devices had left the ring: it waits for one where no push
 * could ring any, and else goes on until its time is over. To the callee it is over.
 */
export function concealRing(registry: CallRegistry, call: RingingCall, world: CallWorld): CallStep {
  if (call.withheld) return [registry, []];
  const nowhere = { rings: [], shown: [], waiting: false };
  const times = { reachableBy: reachableBy({ ...call, ...nowhere }, world) };
  const still: RingingCall = {
    ...call,
    ...nowhere,
    ...times,
    withheld: true,
    calleeLeft: { reason: 'cancelled', since: world.now },
  };
  const over = rungDevices(call).map(device => ended(device, call.caller.userId, call.callId, 'cancelled'));
  const told = call.shown.length > 0 ? ringingAt(still) : [];
  return [withCall(registry, still), [{ do: 'record', call: still }, ...over, ...told]];
}

/** How many devices show the ring, for the caller and for those devices. */
export function ringingAt(call: RingingCall): CallEffect[] {
  const showing = rungDevices(call).filter(({ deviceId }) => call.shown.includes(deviceId));
  return [call.caller, ...showing].map(to => ringingFor(call, to));
}

export function ringingFor(call: RingingCall, to: DeviceAddress): Send {
  const senderId = peerOf(call, to.userId);
  const { callId, shown } = call;
  return {
    do: 'send',
    to,
    frame: { type: 'call.ringing', senderId, receiverId: to.userId, callId, devices: shown.length },
  };
}

/** Tells a seat whether another one is absent. */
export const peerAbsent = ({ callId }: ActiveCall, to: Seat, { userId: senderId }: Seat, absent: boolean): Send => ({
  do: 'send',
  to,
  frame: { type: 'call.peer-absent', senderId, receiverId: to.userId, callId, absent },
});

/**
 * CA3: what a device hears that spoke of a call it is not in. Who is no party to it, or was withheld from it, cannot
 * tell it from a call that never was.
 */
export function notIn(call: LiveCall | EndedCall | undefined, from: DeviceAddress, callId: CallId): Send {
  const reason = call && reasonNow(call, from.userId);
  return call && reason
    ? ended(from, peerOf(call, from.userId), callId, reason)
    : ended(from, from.userId, callId, 'hung-up');
}

function reasonNow(call: LiveCall | EndedCall, userId: UserId): EndReason | null {
  if (call.state === 'ended') return reasonFor(call, userId);
  const asCaller = call.caller.userId === userId;
  if (!asCaller && call.calleeId !== userId) return null;
  if (call.state === 'active') return asCaller ? 'hung-up' : 'answered-elsewhere';
  return call.withheld && !asCaller ? null : 'hung-up';
}
