import { type CallMoving } from '#protocol/call-frames';
import { ended, toldElsewhere } from '#protocol/call-server-endings';
import { type CallEffect, type CallStep, type CallWorld, type Send } from '#protocol/call-server-events';
import { refuse } from '#protocol/call-server-invite';
import {
  type ActiveCall,
  type CallRegistry,
  isArriving,
  isDevice,
  isServed,
  peerOf,
  type Seat,
  seatOfUser,
  withCall,
} from '#protocol/call-state';
import { type DeviceAddress } from '#protocol/ids';
import { ARRIVING_MS, LINKS_EACH, MOST_ARRIVALS } from '#protocol/limits';
import { type ClientCallFrame, type Unnumbered } from '#protocol/messages';

/**
 * ```
 *   call.move ──► waits ── the one before has its seat, or is given up ──► served ── call.moved ──► seat
 *                   │ gone                                                   │ 20 s, or it or another seat is
 *                   ▼                                                        ▼ gone: the seat stays where it is
 * ```
 * A person's other device takes over their seat (CA39). Who has another call beside this one has all of their seats at one
 * device (CA32), and moves none of them.
 */
export function arrive(
  registry: CallRegistry,
  call: ActiveCall,
  by: DeviceAddress,
  frame: Unnumbered<ClientCallFrame>,
  world: CallWorld,
): CallStep {
  if (Object.keys(registry.places.get(by.userId) ?? {}).length > 1)
    return [registry, [refuse(by, frame, 'place-taken', 'Of two calls none can be moved.')]];
  if (call.guest) return [registry, [refuse(by, frame, 'place-taken', "A guest's call cannot be moved.")]];
  // It asks again: what it has heard of the first time is over.
  const [before, dropped] = isArriving(call, by) ? dropArrival(registry, call, by, world) : [registry, []];
  const now = before.calls.get(call.callId);
  if (now?.state !== 'active') return [before, dropped];
  if (now.arrivals + now.arriving.length >= MOST_ARRIVALS)
    return [before, [...dropped, refuse(by, frame, 'out-of-bounds', 'This call has moved as often as it can.')]];
  const waits: ActiveCall = { ...now, arriving: [...now.arriving, { ...by, until: Infinity }] };
  if (now.arriving.length > 0) return [withCall(before, waits), dropped];
  const [next, served] = serveNext(before, waits, world);
  return [next, [...dropped, ...served]];
}

/** Its link is up: the seat is this device's in one step, and the one that had it is told. */
export function moved(
  registry: CallRegistry,
  call: ActiveCall,
  by: DeviceAddress,
  link: number,
  world: CallWorld,
): CallStep {
  // The link of an earlier arrival, which the other end has closed.
  if (link < firstLink(call)) return [registry, []];
  const { userId, deviceId } = by;
  const own = seatOfUser(call, userId);
  const seat: Seat = { userId, deviceId, since: world.now, absentSince: null, held: false };
  const after: ActiveCall = {
    ...call,
    caller: call.caller.userId === userId ? { userId, deviceId } : call.caller,
    seats: [...call.seats.filter(other => other !== own), seat],
    arriving: call.arriving.slice(1),
    arrivals: call.arrivals + 1,
  };
  const left = own ? [ended(own, peerOf(call, userId), call.callId, 'moved')] : [];
  const told = toAll(call, by, 'arrived');
  const [next, served] = serveNext(registry, after, world);
  return [next, [{ do: 'record', call: after }, ...told, ...left, ...toldElsewhere(after, world), ...served]];
}

/** This device does not take over the seat any more, which stays where it is. */
export function dropArrival(registry: CallRegistry, call: ActiveCall, by: DeviceAddress, world: CallWorld): CallStep {
  const after = { ...call, arriving: call.arriving.filter(device => !isDevice(device, by)) };
  if (!isServed(call, by)) return [withCall(registry, after), []];
  after.arrivals++;
  const [next, served] = serveNext(registry, after, world);
  const known: CallEffect[] = after.arriving.length > 0 ? [] : [{ do: 'record', call: after }];
  return [next, [...known, ...toAll(call, by, 'dropped'), ...served]];
}

/**
 * A device has a new picture of its calls, and may have lost what was said about an arrival: one in which it has a part is
 * given up. The device that is to be relieved has none.
 */
export function dropUncertain(
  registry: CallRegistry,
  call: ActiveCall,
  device: DeviceAddress,
  world: CallWorld,
): CallStep {
  const [first] = call.arriving;
  const isWaiting = isArriving(call, device);
  if (first === undefined || (!isWaiting && first.userId === device.userId)) return [registry, []];
  return dropArrival(registry, call, isWaiting ? device : first, world);
}

/** The number with which the links of the one that is served begin. */
const firstLink = ({ arrivals }: ActiveCall): number => arrivals * LINKS_EACH + 1;

/** The first that waits builds its links from now on; its time begins. Written, so that every process knows whom to route to. */
function serveNext(registry: CallRegistry, call: ActiveCall, { now }: CallWorld): CallStep {
  const [first, ...waiting] = call.arriving;
  if (first === undefined) return [withCall(registry, call), []];
  const served: ActiveCall = { ...call, arriving: [{ ...first, until: now + ARRIVING_MS }, ...waiting] };
  return [withCall(registry, served), [{ do: 'record', call: served }, ...toAll(served, first, 'arriving')]];
}

/** The other seats hear of the device that arrives, and it of them. */
function toAll(call: ActiveCall, arriving: DeviceAddress, is: CallMoving['is']): Send[] {
  const others = call.seats.filter(seat => seat.userId !== arriving.userId);
  return others.flatMap(seat => [about(call, arriving, seat, is), about(call, seat, arriving, is)]);
}

function about(
  call: ActiveCall,
  { userId: senderId, deviceId }: DeviceAddress,
  to: DeviceAddress,
  is: CallMoving['is'],
): Send {
  const facts = { callId: call.callId, senderId, receiverId: to.userId, deviceId, link: firstLink(call) };
  const frame = { type: 'call.moving', ...facts, is } as const;
  return { do: 'send', to: { userId: to.userId, deviceId: to.deviceId }, frame };
}
