import { ended, reachableBy, ringingFor, rungDevices } from '#protocol/call-server-endings';
import { type CallEffect, type CallStep, type CallWorld, type Send } from '#protocol/call-server-events';
import {
  type ActiveCall,
  type Call,
  type CallRegistry,
  endedCall,
  isDevice,
  reasonFor,
  type RingingCall,
  isMoving,
  openDoorOf,
  type Seat,
  seatedDevice,
  seatsAcross,
  seatsOf,
  withCall,
} from '#protocol/call-state';
import { type EndReason } from '#protocol/end-reason';
import { type FaultCode } from '#protocol/faults';
import { type DeviceAddress, isGuest, type UserId } from '#protocol/ids';
import { RING_MS } from '#protocol/limits';
import { type ClientCallFrame, type FrameOf, type Unnumbered } from '#protocol/messages';

type Invite = Unnumbered<FrameOf<ClientCallFrame, 'call.invite'>>;

/** Refuses one frame of this device and leaves everything as it was. */
export function refuse(to: DeviceAddress, frame: Unnumbered<ClientCallFrame>, code: FaultCode, detail: string): Send {
  return { do: 'send', to, frame: { type: 'fault', re: { type: frame.type, id: frame.callId }, code, detail } };
}

/** Places a call, or says why not (CA1). The id of a refused call stays used: it is written like any other. */
export function invite(registry: CallRegistry, from: DeviceAddress, frame: Invite, world: CallWorld): CallStep {
  const known = registry.calls.get(frame.callId) ?? world.endedCall(frame.callId);
  if (known) return [registry, invitedBefore(known, from, frame)];
  if (isGuest(from.userId)) return knock(registry, from, frame, world);
  const relation = from.userId === frame.receiverId ? 'strangers' : world.relation(from.userId, frame.receiverId);
  if (relation === 'strangers') return [registry, [refuse(from, frame, 'not-contacts', 'You can only call contacts.')]];

  const withheld = relation === 'blocked';
  const refused = (callerReason: EndReason, calleeReason: EndReason | null): CallStep =>
    neverRang(registry, from, frame, [callerReason, withheld ? null : calleeReason], world);
  if (registry.places.has(from.userId)) return refused('already-in-call', null);
  const where = withheld ? NOWHERE : ringsAt(registry, frame.receiverId, world);
  return where ? ring(registry, from, frame, where, world) : refused('busy', 'missed');
}

/**
 * The invite of a guest. It rings only at the device that has made the link, because no other device has its secret. A second guest
 * who uses the link meanwhile gets `call-id-taken`. A refused invite changes nothing, so that the link can be used again.
 */
function knock(registry: CallRegistry, from: DeviceAddress, frame: Invite, world: CallWorld): CallStep {
  const door = openDoorOf(registry, frame.callId, world.now);
  if (!door || door.host.userId !== frame.receiverId || frame.name === undefined)
    return [registry, [refuse(from, frame, 'not-found', 'No link of this call is open.')]];
  const where = ringsAt(registry, frame.receiverId, world);
  const { deviceId: at } = door.host;
  const rings = where?.rings.filter(device => device === at) ?? [];
  if (!where || (where.waiting && rings.length === 0))
    return [registry, [ended(from, frame.receiverId, frame.callId, 'busy')]];
  return ring(registry, from, frame, { ...where, rings, guest: { name: frame.name, at } }, world);
}

type Where = Pick<RingingCall, 'rings' | 'waiting' | 'withheld' | 'guest'>;
const NOWHERE: Where = { rings: [], waiting: false, withheld: true };

/** CA32: who is in a call is rung by one more, at the device of their seat; null where this person is busy. */
function ringsAt(registry: CallRegistry, calleeId: UserId, world: CallWorld): Where | null {
  const rings = world.sessions(calleeId);
  if (!registry.places.has(calleeId)) return { rings, waiting: false, withheld: false };
  const seat = seatedDevice(registry, calleeId);
  if (seat === undefined || registry.places.get(calleeId)?.waiting !== undefined) return null;
  // A seat that moves would leave the ring behind (CA39).
  if (seatsOf(registry, calleeId).some(call => isMoving(call, calleeId))) return null;
  return { rings: rings.filter(device => device === seat), waiting: true, withheld: false };
}

function ring(
  registry: CallRegistry,
  caller: DeviceAddress,
  { callId, receiverId: calleeId, media }: Invite,
  where: Where,
  world: CallWorld,
): CallStep {
  const ringMs = world.ringMs ?? RING_MS;
  const facts = { callId, caller, calleeId, media, ...where };
  const times = { since: world.now, ringsUntil: world.now + ringMs, reachableBy: reachableBy(facts, world) };
  const call: RingingCall = { state: 'ringing', ...facts, shown: [], ...times };
  const plain = { type: 'call.invited', callId, media, ringMs, senderId: caller.userId } as const;
  const asWaiting = where.waiting ? { ...plain, waiting: true as const } : plain;
  const invited = where.guest ? { ...asWaiting, guest: where.guest.name } : asWaiting;
  const { deviceId } = caller;
  const told = rungDevices(call).map((to): CallEffect => ({
    do: 'send',
    to,
    frame: { ...invited, receiverId: to.userId, deviceId },
  }));
  return [withCall(registry, call), [{ do: 'record', call }, ...told, ringingFor(call, caller)]];
}

function neverRang(
  registry: CallRegistry,
  caller: DeviceAddress,
  { callId, receiverId: calleeId, media }: Invite,
  [callerReason, calleeReason]: readonly [EndReason, EndReason | null],
  { now }: CallWorld,
): CallStep {
  const call = endedCall({ callId, caller, calleeId, media }, null, callerReason, calleeReason, now);
  return [registry, [{ do: 'record', call }, ended(caller, calleeId, callId, callerReason)]];
}

/** The same invite again is answered with the present state and rings nobody; an id belongs to the device that used it first. */
function invitedBefore(call: Call, from: DeviceAddress, frame: Invite): Send[] {
  if (!isDevice(call.caller, from)) return [refuse(from, frame, 'call-id-taken', 'Another call has this id.')];
  if (call.state === 'ringing') return [ringingFor(call, from)];
  if (call.state === 'active') return seatsAcross(call, from).map(seat => accepted(call, seat, undefined));
  return [ended(from, call.calleeId, call.callId, reasonFor(call, from.userId) ?? 'hung-up')];
}

/** Tells the caller who has taken another seat. */
export function accepted({ callId, caller }: ActiveCall, seat: Seat, data: string | undefined): Send {
  const { userId: senderId, deviceId } = seat;
  const frame = { type: 'call.accepted', senderId, receiverId: caller.userId, callId, deviceId } as const;
  return { do: 'send', to: caller, frame: data === undefined ? frame : { ...frame, data } };
}
