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
  partOf,
  peerOf,
  type RingingCall,
  type Seat,
  seatAcross,
  withCall,
} from '#protocol/call-state';
import { type CallId } from '#protocol/ids';
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
export function welcomeCall(registry: CallRegistry, seat: Seat, now: number): WelcomeCall | undefined {
  const call = callOf(registry, seat.userId);
  if (!call) return undefined;
  const { callId, state, media } = call;
  const part = partOf(call, seat);
  const facts = { callId, state, media, peerId: peerOf(call, seat.userId) };
  if (call.state === 'ringing') {
    const as = part === 'caller' ? 'caller' : call.calleeId === seat.userId ? 'rung' : 'elsewhere';
    return { ...facts, as, ringMs: Math.max(0, call.ringsUntil - now) };
  }
  if (part !== 'caller' && part !== 'callee') return { ...facts, as: 'elsewhere' };
  return { ...facts, as: 'seat', peerDeviceId: seatAcross(call, part).deviceId };
}

type Welcomed = Extract<CallEvent, { type: 'welcomed' }>;

/** A device whose user is rung joins the ring; a seat is taken back, or given up by a page that does not name its call. */
function welcomed(registry: CallRegistry, event: Welcomed, world: CallWorld): CallStep {
  const { seat } = event;
  const call = callOf(registry, seat.userId);
  const part = call ? partOf(call, seat) : null;
  if (call?.state === 'ringing') {
    const after = part || call.calleeId !== seat.userId ? registry : joinRing(registry, call, seat);
    return [after, [welcome(after, seat, world)]];
  }
  if (!call || (part !== 'caller' && part !== 'callee')) return [registry, [welcome(registry, seat, world)]];
  if (event.how === 'new' && event.named !== call.callId && call.absentSince[part] !== null) {
    const [after, effects] = endCall(registry, call, { caller: 'hung-up', callee: 'hung-up' }, seat);
    return [after, [...effects, welcome(after, seat, world)]];
  }
  return takeSeatBack(registry, call, part, seat, world);
}

const welcome = (registry: CallRegistry, to: Seat, { now }: CallWorld): CallEffect => ({
  do: 'welcome',
  to,
  call: welcomeCall(registry, to, now),
});

const joinRing = (registry: CallRegistry, call: RingingCall, { deviceId }: Seat): CallRegistry =>
  withCall(registry, { ...call, rings: [...call.rings, deviceId], reachableBy: null });

/** The other seat hears of it even if no absence was announced: frames may have been lost with this one's session. */
function takeSeatBack(
  registry: CallRegistry,
  call: ActiveCall,
  part: 'caller' | 'callee',
  seat: Seat,
  world: CallWorld,
): CallStep {
  const after = call.absentSince[part] === null ? registry : withCall(registry, absent(call, part, null));
  const otherPart = part === 'caller' ? 'callee' : 'caller';
  const other = peerAbsent(call, seatAcross(call, part), false);
  const own = call.absentSince[otherPart] === null ? [] : [peerAbsent(call, seat, true)];
  return [after, [welcome(after, seat, world), other, ...own]];
}

const absent = (call: ActiveCall, part: 'caller' | 'callee', since: number | null): ActiveCall => ({
  ...call,
  absentSince: { ...call.absentSince, [part]: since },
});

/** A ring loses this device either way; a seat is given up by who left, and only absent when its window expired. */
function sessionEnded(registry: CallRegistry, seat: Seat, how: 'expired' | 'left', world: CallWorld): CallStep {
  const call = callOf(registry, seat.userId);
  const part = call ? partOf(call, seat) : null;
  if (!call || !part) return [registry, []];
  if (call.state === 'ringing') return leaveRing(registry, call, seat, world);
  if (part === 'rung') return [registry, []];
  if (how === 'left') return endCall(registry, call, { caller: 'hung-up', callee: 'hung-up' }, seat);
  if (call.absentSince[part] !== null) return [registry, []];
  const after = withCall(registry, absent(call, part, world.now));
  return [after, [peerAbsent(call, seatAcross(call, part), true)]];
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
function declined(registry: CallRegistry, call: LiveCall | undefined, { userId }: Seat): CallStep {
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
  let registry: CallRegistry = { calls: new Map(), callOf: new Map() };
  const effects: CallEffect[] = [];
  for (const call of calls) {
    if (call.state === 'active') {
      registry = withCall(registry, { ...call, absentSince: { caller: world.now, callee: world.now } });
      continue;
    }
    const [, ending] = endCall(registry, call, { caller: 'no-answer', callee: 'missed' });
    effects.push(...ending.filter(effect => effect.do === 'record'));
  }
  return [registry, effects];
}
