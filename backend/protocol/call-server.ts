import { type WelcomeCall } from '#protocol/call-frames';
import { concealRing, endCall, leaveRing, peerAbsent } from '#protocol/call-server-endings';
import { type CallEffect, type CallEvent, type CallStep, type CallWorld } from '#protocol/call-server-events';
import { serveFrame } from '#protocol/call-server-frames';
import {
  type ActiveCall,
  callOf,
  type CallRegistry,
  deadlineOf,
  type LiveCall,
  NO_CALLS,
  partOf,
  peerOf,
  type RingingCall,
  type Seat,
  seatOf,
  seatsAcross,
  withAbsence,
  withCall,
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
      return declined(registry, registry.calls.get(event.callId), event.seat);
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

/** This user's call as a welcome tells it to this device; `now` on the clock of `CallWorld.now`. */
export function welcomeCall(registry: CallRegistry, device: DeviceAddress, now: number): WelcomeCall | undefined {
  const call = callOf(registry, device.userId);
  if (!call) return undefined;
  const { callId, state, media } = call;
  const part = partOf(call, device);
  const facts = { callId, state, media, peerId: peerOf(call, device.userId) };
  if (call.state === 'ringing') {
    const as = part === 'caller' ? 'caller' : call.calleeId === device.userId ? 'rung' : 'elsewhere';
    const ring = { ...facts, as, ringMs: Math.max(0, call.ringsUntil - now) } as const;
    return as === 'rung' ? { ...ring, peerDeviceId: call.caller.deviceId } : ring;
  }
  const [other] = seatsAcross(call, device);
  if (part === null || other === undefined) return { ...facts, as: 'elsewhere' };
  return { ...facts, as: 'seat', peerDeviceId: other.deviceId };
}

type Welcomed = Extract<CallEvent, { type: 'welcomed' }>;

/** A device whose user is rung joins the ring; a seat is taken back, or given up by a page that does not name its call. */
function welcomed(registry: CallRegistry, event: Welcomed, world: CallWorld): CallStep {
  const { seat: device } = event;
  const call = callOf(registry, device.userId);
  if (call?.state === 'ringing') {
    const after = partOf(call, device) || call.calleeId !== device.userId ? registry : joinRing(registry, call, device);
    return [after, [welcome(after, device, world)]];
  }
  const seat = call && seatOf(call, device);
  if (!seat) return [registry, [welcome(registry, device, world)]];
  if (event.how === 'new' && event.named !== call.callId && seat.absentSince !== null) {
    const [after, effects] = endCall(registry, call, { caller: 'hung-up', callee: 'hung-up' }, device);
    return [after, [...effects, welcome(after, device, world)]];
  }
  return takeSeatBack(registry, call, seat, world);
}

const welcome = (registry: CallRegistry, to: DeviceAddress, { now }: CallWorld): CallEffect => ({
  do: 'welcome',
  to,
  call: welcomeCall(registry, to, now),
});

const joinRing = (registry: CallRegistry, call: RingingCall, { deviceId }: DeviceAddress): CallRegistry =>
  withCall(registry, { ...call, rings: [...call.rings, deviceId], reachableBy: null });

/** The other seats hear of it even if no absence was announced: frames may have been lost with this one's session. */
function takeSeatBack(registry: CallRegistry, call: ActiveCall, seat: Seat, world: CallWorld): CallStep {
  const after = seat.absentSince === null ? registry : withCall(registry, withAbsence(call, seat, null));
  const others = seatsAcross(call, seat);
  const absent = others.filter(({ absentSince }) => absentSince !== null);
  const told = others.map(other => peerAbsent(call, other, seat, false));
  return [after, [welcome(after, seat, world), ...told, ...absent.map(other => peerAbsent(call, seat, other, true))]];
}

/** A ring loses this device either way; a seat is given up by who left, and only absent when its window expired. */
function sessionEnded(
  registry: CallRegistry,
  device: DeviceAddress,
  how: 'expired' | 'left',
  world: CallWorld,
): CallStep {
  const call = callOf(registry, device.userId);
  if (!call || !partOf(call, device)) return [registry, []];
  if (call.state === 'ringing') return leaveRing(registry, call, device, world);
  const seat = seatOf(call, device);
  if (how === 'left') return endCall(registry, call, { caller: 'hung-up', callee: 'hung-up' }, device);
  if (!seat || seat.absentSince !== null) return [registry, []];
  const after = withCall(registry, withAbsence(call, device, world.now));
  return [after, seatsAcross(call, device).map(other => peerAbsent(call, other, seat, true))];
}

function deadline(registry: CallRegistry, call: LiveCall | undefined, { now }: CallWorld): CallStep {
  const due = call && deadlineOf(call);
  if (!call || due === null || due === undefined || now < due) return [registry, []];
  if (call.state === 'ringing') {
    const rang = call.reachableBy === null || call.ringsUntil < call.reachableBy;
    return endCall(registry, call, { caller: rang ? 'no-answer' : 'unavailable', callee: 'missed' });
  }
  return endCall(registry, call, { caller: 'connection-lost', callee: 'connection-lost' });
}

/** All devices that ring hear of it, its own too: a page may have been opened meanwhile. */
function declined(registry: CallRegistry, call: LiveCall | undefined, { userId }: DeviceAddress): CallStep {
  if (call?.state !== 'ringing' || call.withheld || call.calleeId !== userId) return [registry, []];
  return endCall(registry, call, { caller: 'declined', callee: 'declined', devices: 'declined-elsewhere' });
}

type Separated = Extract<CallEvent, { type: 'separated' }>;

/** A call between two people of whom one has removed or blocked the other. A ring reads as one nobody answered. */
function separated(registry: CallRegistry, { users: [a, b], blockedBy }: Separated, world: CallWorld): CallStep {
  const call = [callOf(registry, a), callOf(registry, b)].find(
    of => (of?.caller.userId === a && of.calleeId === b) || (of?.caller.userId === b && of.calleeId === a),
  );
  if (!call) return [registry, []];
  if (call.state === 'ringing') {
    if (blockedBy === call.calleeId) return concealRing(registry, call, world);
    return endCall(registry, call, { caller: 'no-answer', callee: 'cancelled' });
  }
  return endCall(registry, call, { caller: 'hung-up', callee: 'hung-up' });
}

/** Nobody has a session: what rang is over, what was active waits for its seats to say hello and name it. */
function restarted(calls: readonly LiveCall[], world: CallWorld): CallStep {
  let registry: CallRegistry = NO_CALLS;
  const effects: CallEffect[] = [];
  for (const call of calls) {
    if (call.state === 'active') {
      registry = withCall(registry, { ...call, seats: call.seats.map(seat => ({ ...seat, absentSince: world.now })) });
      continue;
    }
    const [, ending] = endCall(registry, call, { caller: 'no-answer', callee: 'missed' });
    effects.push(...ending.filter(effect => effect.do === 'record'));
  }
  return [registry, effects];
}
