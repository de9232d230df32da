import { type WelcomeCall } from '#protocol/call-frames';
import { concealRing, endCall, leaveRing, peerAbsent } from '#protocol/call-server-endings';
import { type CallEffect, type CallEvent, type CallStep, type CallWorld } from '#protocol/call-server-events';
import { serveFrame } from '#protocol/call-server-frames';
import { dropArrival, dropUncertain } from '#protocol/call-server-moving';
import {
  type ActiveCall,
  callsOf,
  type CallRegistry,
  deadlineOf,
  type LiveCall,
  NO_CALLS,
  partOf,
  peerOf,
  placeIn,
  type RingingCall,
  type Seat,
  seatedDevice,
  seatOf,
  seatOfUser,
  seatsAcross,
  withCall,
  withSeat,
} from '#protocol/call-state';
import { type CallId, type DeviceAddress } from '#protocol/ids';
import { assertNever } from '#protocol/result';

/**
 * ```
 *   invite ──► ringing ── accept of a rung device ──► active
 *     │           │ decline · hang-up · time-out        │ hang-up or bye of a seat · both absent too long
 *     │ refused   │ the caller or the last device gone  │ a seat comes back without naming it
 *     └───────────┴───────────────► ended ◄─────────────┘
 * ```
 * The server half of the call machine (PROTOCOL.md, Calls). Total: any frame from anybody is answered, none throws.
 * A step that changes nothing gives back the same registry object.
 */
export function serveCalls(registry: CallRegistry, event: CallEvent, world: CallWorld): CallStep {
  switch (event.type) {
    case 'frame':
      return serveFrame(registry, event.from, event.frame, world);
    case 'welcomed':
      return welcomed(registry, event, world);
    case 'expired':
    case 'left':
      return sessionEnded(registry, event.seat, event.type, world);
    case 'deadline':
      return deadline(registry, registry.calls.get(event.callId), world);
    case 'declined':
      return declined(registry, registry.calls.get(event.callId), event.seat, world);
    case 'separated':
      return separated(registry, event, world);
    case 'restarted':
      return restarted(event.calls, world);
    default:
      return assertNever(event);
  }
}

/** The call id about which `world.endedCall` will be asked, so that the shell can read the store first. */
export function lookupFor(registry: CallRegistry, event: CallEvent): CallId | undefined {
  return event.type === 'frame' && !registry.calls.has(event.frame.callId) ? event.frame.callId : undefined;
}

/** This user's calls as a welcome tells them to this device; `now` on the clock of `CallWorld.now`. */
export const welcomeCalls = (registry: CallRegistry, device: DeviceAddress, now: number): WelcomeCall[] =>
  callsOf(registry, device.userId)
    .map(call => ({ ...welcomeCall(call, device, now), ...(call.guest && { guest: call.guest.name }) }))
    // No other device of a person can take part in a guest's call.
    .filter(({ guest, as }) => guest === undefined || as !== 'elsewhere');

function welcomeCall(call: LiveCall, device: DeviceAddress, now: number): WelcomeCall {
  const { callId, state, media } = call;
  const part = partOf(call, device);
  const place = placeIn(call, device.userId) ?? 'waiting';
  const facts = { callId, place, state, media, peerId: peerOf(call, device.userId) };
  if (call.state === 'ringing') {
    const as =
      (part === 'arriving' ? null : part) ??
      (call.calleeId === device.userId && !call.waiting && !call.guest ? 'rung' : 'elsewhere');
    const ring = { ...facts, as, ringMs: Math.max(0, call.ringsUntil - now) } as const;
    return as === 'rung' ? { ...ring, peerDeviceId: call.caller.deviceId } : ring;
  }
  const [other] = seatsAcross(call, device);
  const own = seatOfUser(call, device.userId);
  if (part !== 'seat' || other === undefined)
    return { ...facts, as: 'elsewhere', ...(own && { deviceId: own.deviceId }) };
  return { ...facts, as: 'seat', peerDeviceId: other.deviceId };
}

type Welcomed = Extract<CallEvent, { type: 'welcomed' }>;

/** Seats are taken back, or given up by a page that does not name their call; a device whose user is rung joins the ring. */
function welcomed(registry: CallRegistry, event: Welcomed, world: CallWorld): CallStep {
  const { seat: device } = event;
  let after = registry;
  const [before, behind]: [CallEffect[], CallEffect[]] = [[], []];
  for (const call of callsOf(registry, device.userId)) {
    if (call.state === 'ringing') {
      after = comesToRing(after, call, device);
      continue;
    }
    const [certain, dropped] = dropUncertain(after, call, device, world);
    after = certain;
    behind.push(...dropped);
    const stays = after.calls.get(call.callId);
    const seat = seatOf(call, device);
    if (!seat || stays?.state !== 'active') continue;
    const isLeft = event.how === 'new' && !event.named.includes(call.callId) && seat.absentSince !== null;
    const [next, effects] = isLeft
      ? endCall(after, stays, { caller: 'hung-up', callee: 'hung-up' }, world, device)
      : takeSeatBack(after, stays, seat);
    after = next;
    (isLeft ? before : behind).push(...effects);
  }
  return [after, [...before, { do: 'welcome', to: device, calls: welcomeCalls(after, device, world.now) }, ...behind]];
}

/** While its user is in a call at another device, a device is not rung by a further one (CA32). */
function comesToRing(registry: CallRegistry, call: RingingCall, device: DeviceAddress): CallRegistry {
  const elsewhere = (seatedDevice(registry, device.userId) ?? device.deviceId) !== device.deviceId;
  if (partOf(call, device) || call.calleeId !== device.userId || elsewhere) return registry;
  if (call.guest && call.guest.at !== device.deviceId) return registry;
  return withCall(registry, { ...call, rings: [...call.rings, device.deviceId], reachableBy: null });
}

/** The other seats hear of it even if no absence was announced: frames may have been lost with this one's session. */
function takeSeatBack(registry: CallRegistry, call: ActiveCall, seat: Seat): CallStep {
  const after = seat.absentSince === null ? registry : withCall(registry, withSeat(call, seat, { absentSince: null }));
  const others = seatsAcross(call, seat);
  const absent = others.filter(({ absentSince }) => absentSince !== null);
  const told = others.map(other => peerAbsent(call, other, seat, false));
  return [after, [...told, ...absent.map(other => peerAbsent(call, seat, other, true))]];
}

/** A session is over: so is the part that its device had in each call of its user, or it is absent there. */
function sessionEnded(
  registry: CallRegistry,
  device: DeviceAddress,
  how: 'expired' | 'left',
  world: CallWorld,
): CallStep {
  let after = registry;
  const all: CallEffect[] = [];
  for (const call of callsOf(registry, device.userId)) {
    const [next, effects] = partOf(call, device) ? withoutSession(after, call, device, how, world) : [after, []];
    after = next;
    all.push(...effects);
  }
  return [after, all];
}

/** A ring loses this device either way; a seat is given up by who left, and only absent when its window expired. */
function withoutSession(
  registry: CallRegistry,
  call: LiveCall,
  device: DeviceAddress,
  how: 'expired' | 'left',
  world: CallWorld,
): CallStep {
  if (call.state === 'ringing') return leaveRing(registry, call, device, world);
  const seat = seatOf(call, device);
  if (!seat) return dropArrival(registry, call, device, world);
  if (how === 'left') return endCall(registry, call, { caller: 'hung-up', callee: 'hung-up' }, world, device);
  if (seat.absentSince !== null) return [registry, []];
  const after = withCall(registry, withSeat(call, device, { absentSince: world.now }));
  return [after, seatsAcross(call, device).map(other => peerAbsent(call, other, seat, true))];
}

function deadline(registry: CallRegistry, call: LiveCall | undefined, world: CallWorld): CallStep {
  const due = call && deadlineOf(call);
  if (!call || due === null || due === undefined || world.now < due) return [registry, []];
  if (call.state === 'ringing') {
    const rang = call.reachableBy === null || call.ringsUntil < call.reachableBy;
    return endCall(registry, call, { caller: rang ? 'no-answer' : 'unavailable', callee: 'missed' }, world);
  }
  const [first] = call.arriving;
  if (first !== undefined && first.until <= world.now) return dropArrival(registry, call, first, world);
  return endCall(registry, call, { caller: 'connection-lost', callee: 'connection-lost' }, world);
}

/** All devices that ring hear of it, its own too: a page may have been opened meanwhile. */
function declined(
  registry: CallRegistry,
  call: LiveCall | undefined,
  { userId }: DeviceAddress,
  world: CallWorld,
): CallStep {
  if (call?.state !== 'ringing' || call.withheld || call.calleeId !== userId) return [registry, []];
  return endCall(registry, call, { caller: 'declined', callee: 'declined', devices: 'declined-elsewhere' }, world);
}

type Separated = Extract<CallEvent, { type: 'separated' }>;

/** A call between two people of whom one has removed or blocked the other. A ring reads as one nobody answered. */
function separated(registry: CallRegistry, { users: [a, b], blockedBy }: Separated, world: CallWorld): CallStep {
  const call = [...callsOf(registry, a), ...callsOf(registry, b)].find(
    of => (of.caller.userId === a && of.calleeId === b) || (of.caller.userId === b && of.calleeId === a),
  );
  if (!call) return [registry, []];
  if (call.state === 'ringing') {
    if (blockedBy === call.calleeId) return concealRing(registry, call, world);
    return endCall(registry, call, { caller: 'no-answer', callee: 'cancelled' }, world);
  }
  return endCall(registry, call, { caller: 'hung-up', callee: 'hung-up' }, world);
}

/**
 * After a restart no device has a session. Calls that rang end. Active calls stay until their seats say hello and name
 * them. Of two active calls of one person the earlier is on hold, until their page says otherwise (CA34).
 */
function restarted(calls: readonly LiveCall[], world: CallWorld): CallStep {
  let registry: CallRegistry = NO_CALLS;
  const effects: CallEffect[] = [];
  for (const call of calls) {
    if (call.state === 'active') {
      const seats = call.seats.map(seat => ({ ...seat, absentSince: world.now, held: false }));
      registry = withCall(holdingEarlier(registry, call), { ...call, seats, arriving: [], arrivals: 0 });
      continue;
    }
    const [, ending] = endCall(registry, call, { caller: 'no-answer', callee: 'missed' }, world);
    effects.push(...ending.filter(effect => effect.do === 'record'));
  }
  return [registry, effects];
}

/** Of each person in this call the one that they have had till now is held. */
const holdingEarlier = (registry: CallRegistry, { seats }: ActiveCall): CallRegistry =>
  seats.reduce((after, seat) => {
    const callId = after.places.get(seat.userId)?.current;
    const earlier = callId === undefined ? undefined : after.calls.get(callId);
    return earlier?.state === 'active' ? withCall(after, withSeat(earlier, seat, { held: true })) : after;
  }, registry);
