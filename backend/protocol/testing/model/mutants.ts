import { movedFrame } from '#protocol/call-client-moving';
import { type ClientCalls, isInCall, onlyLink } from '#protocol/call-client-state';
import { type ClientCallEvent, type ClientCallStep } from '#protocol/call-client-events';
import { type CallEffect, type CallEvent, type CallStep, type CallWorld } from '#protocol/call-server-events';
import { endCall } from '#protocol/call-server-endings';
import {
  type ActiveCall,
  callsOf,
  type CallRegistry,
  type EndedCall,
  endedCall,
  type LiveCall,
  partOf,
  type RingingCall,
  seatedDevice,
  seatOf,
  withCall,
  withSeat,
} from '#protocol/call-state';
import { type WelcomeCall } from '#protocol/call-frames';
import { type CallId, type DeviceAddress } from '#protocol/ids';
import { type FrameOf, type ServerCallFrame, type Unnumbered } from '#protocol/messages';
import { RULES, type Rules } from '#protocol/testing/model/whole';

/** One rule left out: what it leaves out, and the functions without it. */
export interface Mutant {
  readonly leavesOut: string;
  readonly rules: Rules;
}

type Serve = (registry: CallRegistry, event: CallEvent, world: CallWorld) => CallStep;
type Invited = Unnumbered<FrameOf<ServerCallFrame, 'call.invited'>>;
type Next = (calls: ClientCalls, event: ClientCallEvent, now: number) => ClientCallStep;
const { serve, next, survives } = RULES;

/** Every mutant must be caught: else a rule of PROTOCOL.md is not needed, or the exploration does not see it. */
export const MUTANTS: Readonly<Record<string, Mutant>> = {
  'ignore-crossing': client("an invite that crosses one's own is ignored", (calls, event, now) =>
    calls.current.state === 'outgoing' && isInvited(event) ? [calls, []] : next(calls, event, now),
  ),
  'silent-leave': client('CA4 accepts theirs without hanging up its own', (calls, event, now) => {
    const [after, frames] = next(calls, event, now);
    const { current } = after;
    const silent = calls.current.state === 'outgoing' && current.state === 'joined' && current.seat > 0;
    return [after, silent ? frames.filter(f => f.type !== 'call.hangup') : frames];
  }),
  'invited-when-busy-ignored': client(
    'an invite while in a call, or while another rings, is ignored',
    (calls, event, now) =>
      isInvited(event) && (isInCall(calls.current) || calls.current.state === 'incoming')
        ? [calls, []]
        : next(calls, event, now),
  ),
  'snapshot-over-own-frames': client(
    "the welcome's call replaces one's own whatever is on its way",
    (call, event, now) => next(call, event.type === 'welcome' ? { ...event, waiting: [] } : event, now),
  ),
  'any-ringing-is-incoming': client("a welcome's ringing call is incoming, whoever is rung", (call, event, now) =>
    next(call, event.type === 'welcome' ? { ...event, calls: event.calls.map(asRung) } : event, now),
  ),
  'hangup-not-resent': survivor('call.hangup'),
  'decline-not-resent': survivor('call.decline'),
  'accept-not-resent': survivor('call.accept'),

  'server-ignores-unknown': server('CA3 is not answered', (registry, event, world) => {
    const [after, effects] = serve(registry, event, world);
    if (event.type !== 'frame' || event.frame.type === 'call.invite' || after !== registry) return [after, effects];
    return [after, effects.filter(e => e.do !== 'send' || e.frame.type !== 'call.ended')];
  }),
  'busy-not-checked': server('CA1 is not checked', (registry, event, world) => {
    if (!isFrame(event, 'call.invite')) return serve(registry, event, world);
    const [after, effects] = serve({ ...registry, places: new Map() }, event, world);
    return [{ ...after, places: new Map([...registry.places, ...after.places]) }, effects];
  }),
  'second-accept-wins': server('a later accept takes the seat', (registry, event, world) => {
    const call = isFrame(event, 'call.accept') ? registry.calls.get(event.frame.callId) : undefined;
    if (event.type !== 'frame' || call?.state !== 'active' || call.calleeId !== event.from.userId)
      return serve(registry, event, world);
    if (seatOf(call, event.from)) return [registry, []];
    const rings = [event.from.deviceId];
    const ringing: RingingCall = { ...asRinging(call), rings };
    return serve(withCall(registry, ringing), event, world);
  }),
  'hello-not-rung': server('a hello while its user is rung is not told', (registry, event, world) => {
    const [after, effects] = serve(registry, event, world);
    if (event.type !== 'welcomed' || after === registry) return [after, effects];
    const rung = effects.some(e => e.do === 'welcome' && e.calls.some(({ as }) => as === 'rung'));
    return rung ? [registry, effects.map(e => (e.do === 'welcome' ? { ...e, calls: [] } : e))] : [after, effects];
  }),
  'expiry-ends-active': server('a session past its window ends its active call', (registry, event, world) =>
    serve(registry, event.type === 'expired' ? { ...event, type: 'left' } : event, world),
  ),
  'one-absent-ends': {
    leavesOut: 'server: one absent seat is enough to end a call',
    rules: {
      ...RULES,
      serverDeadline: call => (isDeserted(call) ? 0 : RULES.serverDeadline(call)),
      serve: (registry, event, world) => {
        const call = event.type === 'deadline' ? registry.calls.get(event.callId) : undefined;
        if (!call || !isDeserted(call)) return serve(registry, event, world);
        return endCall(registry, call, { caller: 'connection-lost', callee: 'connection-lost' }, world);
      },
    },
  },
  'restart-ends-active': server('a restart ends active calls too', (registry, event, world) =>
    serve(registry, event.type === 'restarted' ? { ...event, calls: event.calls.map(asRinging) } : event, world),
  ),
  'restart-keeps-ringing': server('a restart does not end the calls that ring', (registry, event, world) => {
    const [after, effects] = serve(registry, event, world);
    if (event.type !== 'restarted') return [after, effects];
    return [event.calls.filter(call => call.state === 'ringing').reduce(withCall, after), []];
  }),
  'nothing-ends-a-ring': {
    leavesOut: 'server: no ring timer',
    rules: { ...RULES, serverDeadline: call => (call.state === 'ringing' ? null : RULES.serverDeadline(call)) },
  },
  'reused-id-overwrites': server('an invite with a used id makes a new call of it', (registry, event, world) => {
    if (!isFrame(event, 'call.invite')) return serve(registry, event, world);
    const known = registry.calls.get(event.frame.callId);
    const without = known ? withCall(registry, over(known)) : registry;
    return serve(without, event, { ...world, endedCall: () => undefined });
  }),
  'ringing-hangup-ignored': server('call.hangup of a ringing device is ignored', (registry, event, world) => {
    const call = isFrame(event, 'call.hangup') ? registry.calls.get(event.frame.callId) : undefined;
    if (event.type === 'frame' && call && partOf(call, event.from) === 'rung') return [registry, []];
    return serve(registry, event, world);
  }),

  'left-seat-stands': {
    leavesOut: 'both: an absent device need not name its call, and its page keeps silent about a call it is not in',
    rules: {
      ...RULES,
      serve: (registry, event, world) => serve(registry, named(registry, event), world),
      next: (call, event, now) => {
        const [after, frames] = next(call, event, now);
        const told = event.type === 'welcome' ? event.calls.filter(({ as }) => as !== 'rung') : [];
        return [after, frames.filter(f => told.every(({ callId }) => callId !== f.callId))];
      },
    },
  },
  'speaks-before-writing': habit('server: a restart finds the registry without its last change', {
    writesFirst: false,
  }),
  'snapshot-late': habit('page: a frame behind the welcome may be handled before it', { welcomeFirst: false }),
  'again-unnumbered': habit('server: a welcome that comes again is not kept for a resumed session', {
    numbersAgain: false,
  }),
  'resumed-snapshot': {
    leavesOut: 'both: a resumed welcome carries a call too, and it is applied before what the outbox brings',
    rules: {
      ...RULES,
      resumedCarriesCall: true,
      next: (call, event, now) =>
        next(call, event.type === 'welcome' && event.how === 'resumed' ? { ...event, how: 'again' } : event, now),
    },
  },

  'waiting-ends-the-call': client('a ring beside a call ends that call', (calls, event, now) =>
    next(calls, isInvited(event) ? { ...event, frame: { ...event.frame, waiting: undefined } } : event, now),
  ),
  'two-current': server('an accept leaves the current call where it is', (registry, event, world) => {
    if (!isFrame(event, 'call.accept')) return serve(registry, event, world);
    const places = new Map(registry.places);
    const { current: _, ...others } = places.get(event.from.userId) ?? {};
    places.set(event.from.userId, others);
    return serve({ ...registry, places }, event, world);
  }),
  'waiting-lost-on-resume': server('a welcome names no ring beside a call', (registry, event, world) => {
    const [after, effects] = serve(registry, event, world);
    const seated = event.type === 'welcomed' && seatedDevice(after, event.seat.userId) !== undefined;
    if (!seated) return [after, effects];
    return [after, effects.map(e => (e.do === 'welcome' ? { ...e, calls: e.calls.filter(isSeat) } : e))];
  }),
  'held-in-two-steps': server('a first accept only holds the current call', (registry, event, world) => {
    const call = isFrame(event, 'call.accept') ? registry.calls.get(event.frame.callId) : undefined;
    const current = event.type === 'frame' ? currentOf(registry, event.from) : undefined;
    if (call?.state !== 'ringing' || current?.state !== 'active' || event.type !== 'frame')
      return serve(registry, event, world);
    return [withCall(registry, withSeat(current, event.from, { held: true })), []];
  }),
  'hello-names-one': server('a hello names the current call alone', (registry, event, world) =>
    serve(
      registry,
      event.type === 'welcomed' && event.how === 'new' ? { ...event, named: event.named.slice(0, 1) } : event,
      world,
    ),
  ),
  'resume-unsaid': client('a held call is resumed without a word', (calls, event, now) => {
    const [after, frames] = next(calls, event, now);
    return [after, event.type === 'resume' ? [] : frames];
  }),
  'resume-not-repaired': client("a welcome's place of a call stands", (calls, event, now) => {
    const [after, frames] = next(calls, event, now);
    return [after, event.type === 'welcome' ? frames.filter(f => f.type !== 'call.resume') : frames];
  }),

  'moves-before-its-link-is-up': client('a seat is taken as soon as the other end is known', (calls, event, now) => {
    const [after, frames] = next(calls, event, now);
    const link = isInCall(after.current) && after.current.arriving !== null ? onlyLink(after.current) : undefined;
    const isTold = event.type === 'frame' && event.frame.type === 'call.moving';
    if (!isTold || !isInCall(after.current) || link === undefined) return [after, frames];
    return [after, [...frames, movedFrame(after.current, link)]];
  }),
  'left-seat-not-told': server('the device whose seat has moved is not told', (registry, event, world) => {
    const [after, effects] = serve(registry, event, world);
    return [after, effects.filter(e => e.do !== 'send' || e.frame.type !== 'call.ended' || e.frame.reason !== 'moved')];
  }),
  'arrival-not-told': server('who talks to a person whose call has moved is not told', (registry, event, world) => {
    const [after, effects] = serve(registry, event, world);
    const isNews = (e: CallEffect): boolean =>
      e.do === 'send' &&
      e.frame.type === 'call.moving' &&
      e.frame.is === 'arrived' &&
      event.type === 'frame' &&
      e.to.userId !== event.from.userId;
    return [after, effects.filter(e => !isNews(e))];
  }),
  'arrival-death-ends-the-call': server('a device that dies on its way in ends the call', (registry, event, world) => {
    const dies = event.type === 'expired' || event.type === 'left' ? event.seat : null;
    const call = dies && callsOf(registry, dies.userId).find(of => partOf(of, dies) === 'arriving');
    if (!call) return serve(registry, event, world);
    return endCall(registry, call, { caller: 'hung-up', callee: 'hung-up' }, world);
  }),
  'uncertain-arrival-goes-on': server('an arrival goes on whatever was lost of it', (registry, event, world) => {
    if (event.type !== 'welcomed') return serve(registry, event, world);
    const calls = [...registry.calls].map(([id, call]): [CallId, LiveCall] => [id, withArriving(call, [])]);
    const [after, effects] = serve({ ...registry, calls: new Map(calls) }, event, world);
    const again = [...after.calls].map(([id, call]): [CallId, LiveCall] => {
      const before = registry.calls.get(id);
      return [id, before?.state === 'active' ? withArriving(call, before.arriving) : call];
    });
    return [{ ...after, calls: new Map(again) }, effects];
  }),
  'moved-by-any-link': server('a link of an earlier arrival is taken for this one', (registry, event, world) =>
    serve(
      registry,
      isFrame(event, 'call.moved')
        ? { ...event, frame: { ...event.frame, link: Infinity } as typeof event.frame }
        : event,
      world,
    ),
  ),
};

// The functions below are hoisted, so that the table of mutants can be read first.

function client(leavesOut: string, mutated: Next): Mutant {
  return { leavesOut: `page: ${leavesOut}`, rules: { ...RULES, next: mutated } };
}

function server(leavesOut: string, mutated: Serve): Mutant {
  return { leavesOut: `server: ${leavesOut}`, rules: { ...RULES, serve: mutated } };
}

function habit(leavesOut: string, broken: Partial<Rules>): Mutant {
  return { leavesOut, rules: { ...RULES, ...broken } };
}

function survivor(type: string): Mutant {
  return {
    leavesOut: `page: a waiting ${type} goes with the session`,
    rules: { ...RULES, survives: (frame, call) => frame.type !== type && survives(frame, call) },
  };
}

function isInvited(event: ClientCallEvent): event is Extract<ClientCallEvent, { type: 'frame' }> & { frame: Invited } {
  return event.type === 'frame' && event.frame.type === 'call.invited';
}

function withArriving(call: LiveCall, arriving: ActiveCall['arriving']): LiveCall {
  return call.state === 'active' ? { ...call, arriving } : call;
}

function isSeat({ as }: WelcomeCall): boolean {
  return as === 'seat';
}

function currentOf(registry: CallRegistry, { userId }: DeviceAddress): LiveCall | undefined {
  const callId = registry.places.get(userId)?.current;
  return callId === undefined ? undefined : registry.calls.get(callId);
}

function isFrame<T extends string>(event: CallEvent, type: T): event is Extract<CallEvent, { type: 'frame' }> {
  return event.type === 'frame' && event.frame.type === type;
}

function asRung<C extends { state: string }>(call: C): C {
  return call.state === 'ringing' ? { ...call, as: 'rung' } : call;
}

function asRinging(call: LiveCall): RingingCall {
  const { callId, caller, calleeId, media } = call;
  return {
    state: 'ringing',
    callId,
    caller,
    calleeId,
    media,
    rings: [],
    shown: [],
    waiting: false,
    withheld: false,
    since: 0,
    ringsUntil: 0,
    reachableBy: null,
  };
}

function isDeserted(call: LiveCall): boolean {
  if (call.state !== 'active') return false;
  const absent = call.seats.filter(({ absentSince }) => absentSince !== null);
  return absent.length > 0 && absent.length < call.seats.length;
}

function over(call: LiveCall): EndedCall {
  return endedCall(call, null, 'hung-up', 'hung-up', 0);
}

function named(registry: CallRegistry, event: CallEvent): CallEvent {
  if (event.type !== 'welcomed' || event.how !== 'new') return event;
  return { ...event, named: callsOf(registry, event.seat.userId).map(({ callId }) => callId) };
}
