import { type ClientCallEvent } from '#protocol/call-client-events';
import {
  allOf,
  type ClientCall,
  type ClientCalls,
  type Incoming,
  type Joined,
  IDLE,
  isArriving,
  isInCall,
  linkTo,
  phaseOf,
  withId,
} from '#protocol/call-client-state';
import { type CallEffect, type CallEvent, type CallWorld } from '#protocol/call-server-events';
import { welcomeCalls } from '#protocol/call-server';
import { type CallRegistry, type EndedCall, endedCall, type LiveCall, NO_CALLS } from '#protocol/call-state';
import { type CallId, type DeviceAddress, type DeviceId, type UserId } from '#protocol/ids';
import { type PeerLink } from '#protocol/peer-link';
import { anId } from '#protocol/testing/ids';
import {
  type Bounds,
  type ClientSays,
  type Down,
  type Net,
  linkName,
  NEW_PAGE,
  type Page,
  type Past,
  type Rules,
  type Station,
  type Welcome,
  type Whole,
} from '#protocol/testing/model/whole';

/** The next moment in the making: what the shells of both ends do with the functions under test. */
export class Draft {
  counts: Whole['counts'];
  registry: CallRegistry;
  saved: CallRegistry | null;
  past: Whole['past'];
  stations: Station[];
  bad: string | null = null;
  readonly #bounds: Bounds;
  readonly #rules: Rules;

  constructor(whole: Whole, bounds: Bounds, rules: Rules) {
    this.counts = whole.counts;
    this.registry = whole.registry;
    this.saved = whole.saved;
    this.past = whole.past;
    this.stations = whole.stations.slice();
    this.#bounds = bounds;
    this.#rules = rules;
  }

  // ------------------------------------------------------------------ devices

  at(x: number): Station {
    const station = this.stations[x];
    if (!station) throw new Error(`no device ${x}`);
    return station;
  }

  seat(x: number): DeviceAddress {
    const seat = this.#bounds.devices[x];
    if (!seat) throw new Error(`no device ${x}`);
    return seat;
  }

  change(x: number, change: Partial<Station>): void {
    this.stations[x] = { ...this.at(x), ...change };
  }

  net(x: number, change: Partial<Net>): void {
    this.change(x, { net: { ...this.at(x).net, ...change } });
  }

  // ------------------------------------------------------------------ the server and its shell

  serve(event: CallEvent, now = 0): void {
    const before = this.registry;
    const [registry, effects] = this.#rules.serve(this.registry, event, this.#world(now));
    this.registry = canonical(registry, before);
    for (const effect of effects) this.#perform(effect);
    if (this.registry === before) return;
    if (!this.#rules.writesFirst) this.saved = before;
    for (const callId of this.registry.calls.keys())
      if (this.past[callId]) this.bad = `an ended call comes back: ${callId}`;
  }

  #world(now: number): CallWorld {
    const { devices, push } = this.#bounds;
    return {
      now,
      sessions: (userId: UserId) =>
        devices.filter((d, x) => d.userId === userId && this.at(x).net.session !== 'gone').map(d => d.deviceId),
      hasPush: () => push,
      relation: () => 'contacts',
      endedCall: (callId: CallId) => this.past[callId],
    };
  }

  #perform(effect: CallEffect): void {
    if (effect.do === 'record') {
      const { call } = effect;
      if (call.state !== 'ended') return;
      this.bad = wrongReasons(call) ?? this.bad;
      const moved = this.counts.moves > 0 ? { seats: call.parties.map(({ deviceId }) => deviceId) } : {};
      const past: Past = { ...endedCall(call, null, 'hung-up', 'hung-up', 0), beyond: false, ...moved };
      this.past = { ...this.past, [call.callId]: past };
      return;
    }
    const x = this.#bounds.devices.findIndex(d => d.deviceId === effect.to.deviceId);
    if (effect.do === 'welcome') this.#welcome(x, { type: 'welcome', how: 'new', calls: effect.calls });
    else this.#tell(x, effect.frame);
  }

  #tell(x: number, frame: Down): void {
    const { net, down } = this.at(x);
    // What a page is told of a call it is not in leads to no event by itself.
    if (net.session !== 'gone' && frame.type !== 'call.elsewhere')
      this.change(x, {
        down: [...down, frame.type === 'call.ended' && frame.reason !== 'moved' ? plain(frame) : frame],
      });
  }

  /** An answer to a hello comes first in a new session; one that comes again replaces what is said to have been lost. */
  #welcome(x: number, welcome: Welcome): void {
    const { net, up } = this.at(x);
    const how = net.page === 'live' ? 'again' : 'new';
    this.change(x, { down: [{ ...welcome, how }], since: up.filter(frame => frame.type !== 'bye') });
  }

  hello(x: number, named: readonly CallId[]): void {
    const { net, down } = this.at(x);
    const seat = this.seat(x);
    const resumed = net.known && net.session !== 'gone';
    this.net(x, { page: 'hello', session: 'live', known: resumed });
    if (!resumed) return this.serve({ type: 'welcomed', seat, how: 'new', named });
    const calls = this.#rules.resumedCarriesCall ? welcomeCalls(this.registry, seat, 0) : [];
    this.change(x, { down: [{ type: 'welcome', how: 'resumed', calls }, ...down] });
    if (this.#rules.resumedCarriesCall) this.change(x, { since: this.at(x).up.filter(frame => frame.type !== 'bye') });
  }

  /** The welcome of a hello is lost with its socket; one that came again is numbered and stays in the outbox. */
  unwelcome(x: number): void {
    const { down } = this.at(x);
    const kept = down.filter(f => f.type !== 'welcome' || (f.how === 'again' && this.#rules.numbersAgain));
    this.change(x, { down: kept, ...(kept.some(f => f.type === 'welcome') ? {} : { since: null }) });
  }

  sessionEnded(x: number, type: 'expired' | 'left'): void {
    this.net(x, type === 'left' ? { session: 'gone', known: false } : { session: 'gone' });
    this.change(x, { down: [], ...(type === 'left' ? {} : { since: null }) });
    this.serve({ type, seat: this.seat(x) });
  }

  restart(): void {
    const stored = this.saved ?? this.registry;
    this.saved = null;
    this.stations.forEach(({ net }, x) => {
      this.net(x, { page: net.page === 'off' ? 'off' : 'away', session: 'gone' });
      this.change(x, { down: [], since: null, ...(net.page === 'off' ? { up: [] } : {}) });
    });
    this.registry = NO_CALLS;
    this.serve({ type: 'restarted', calls: [...stored.calls.values()] });
    this.saved = null;
  }

  // ------------------------------------------------------------------ a page and its shell

  dispatch(x: number, event: ClientCallEvent, now = 0): void {
    const { page } = this.at(x);
    const [calls, frames] = this.#rules.next(page.calls, event, now);
    this.enter(x, { calls: plainCalls(calls), links: page.links, done: page.done });
    for (const frame of frames) this.say(x, frame);
    const rings = calls.waiting ?? calls.current;
    if (this.#bounds.rings && rings.state === 'incoming' && !rings.shown) this.dispatch(x, { type: 'ring-shown' });
  }

  say(x: number, spoken: ClientSays): void {
    const { up, since } = this.at(x);
    const { type, callId } = spoken;
    const frame: ClientSays = type === 'call.hangup' ? { type, receiverId: spoken.receiverId, callId } : spoken;
    this.change(x, { up: [...up, frame], since: since && [...since, frame] });
  }

  /** The page's state is now this one. The link of a page that leaves goes down at its peer at once. */
  enter(x: number, page: Page): void {
    const { links: old } = this.at(x).page;
    const links = page.links.filter(name => stateOf(page, name) === 'up');
    this.change(x, { page: links.length === page.links.length ? page : { ...page, links } });
    for (const name of old) {
      if (stateOf(page, name) !== undefined) continue;
      const [callId, device] = linked(name);
      const peer = this.#bounds.devices.findIndex(d => d.deviceId === device);
      if (this.at(peer).page.links.includes(linkName(callId, this.seat(x)))) this.link(peer, callId, x, false);
    }
  }

  /** The link of this page in this call to that device comes up, or goes down. */
  link(x: number, callId: CallId, to: number, isUp: boolean): void {
    const call = withId(this.at(x).page.calls, callId);
    if (!call || !isInCall(call)) return;
    const { deviceId } = this.seat(to);
    const link = linkTo(call, deviceId)?.number ?? 0;
    this.dispatch(x, { type: isUp ? 'link-up' : 'link-down', callId, deviceId, link });
    const { page } = this.at(x);
    const name = linkName(callId, { deviceId });
    const others = page.links.filter(other => other !== name);
    this.change(x, { page: { ...page, links: isUp ? [...others, name].sort() : others } });
  }

  /** Its person said something about its calls: `1a`, call 1 was accepted, `2h`, call 2 was left. */
  person(x: number, event: ClientCallEvent, ...said: readonly string[]): void {
    for (const one of said) this.#note(x, one.slice(0, -1), one.endsWith('a') ? 'a' : 'h');
    this.dispatch(x, event, Infinity);
  }

  /** Its timers run out, those of rings alone or all. What is given up is left. */
  timeOut(x: number, now: number): void {
    const before = allOf(this.at(x).page.calls);
    this.dispatch(x, { type: 'time' }, now);
    for (const call of before.filter(one => !isArriving(one))) {
      const { callId, state } = call;
      if (state !== 'incoming' && !withId(this.at(x).page.calls, callId)) this.#note(x, callId, 'h');
    }
  }

  /** The person of this page takes over a call; what they answered to it here before does not count any more. */
  takeOver(x: number, callId: CallId, peerId: UserId): void {
    this.counts = { ...this.counts, moves: this.counts.moves + 1 };
    const { page } = this.at(x);
    this.change(x, { page: { ...page, done: page.done.filter(d => d.slice(0, -1) !== callId) } });
    this.dispatch(x, { type: 'move', callId, peerId, media: 'audio' });
  }

  #note(x: number, callId: string, what: 'a' | 'h'): void {
    const { page } = this.at(x);
    const done = new Set([...page.done.filter(d => d !== `${callId}a`), callId + what]);
    this.change(x, { page: { ...page, done: [...done].sort() } });
  }

  /** A page is gone, with everything it knew. */
  close(x: number): void {
    this.enter(x, NEW_PAGE);
    this.change(x, { page: NEW_PAGE, since: null });
  }

  /** The page hears one frame, the welcome with what its shell knows about own frames on their way. */
  hear(x: number, frame: Down): void {
    const before = this.at(x).page.calls;
    if (frame.type === 'welcome') this.#hearWelcome(x, frame);
    else this.dispatch(x, { type: 'frame', frame });
    for (const call of allOf(before)) {
      const { callId } = call;
      const still = withId(this.at(x).page.calls, callId);
      const { beyond, seats } = this.past[callId] ?? {};
      // Between seats that had moved there was a link only because one had not heard so.
      const isBetweenSeats = !seats || !isInCall(call) || ends(call, this.seat(x)).every(end => seats.includes(end));
      if (phaseOf(call) !== 'connected' || beyond || !isBetweenSeats) continue;
      if (!still && !isMovedAway(frame, callId))
        this.bad = `healthy link torn down: ${this.seat(x).deviceId} leaves call ${callId}`;
      if (isInCall(call) && still && isInCall(still) && isRash(call, still))
        this.bad = `healthy link given up for one that is not up: ${this.seat(x).deviceId} in call ${callId}`;
    }
    this.#noteLeaving(x, before.current);
  }

  #hearWelcome(x: number, { how, calls }: Welcome): void {
    const { since, page } = this.at(x);
    this.net(x, { page: 'live', known: true });
    const pending = since ?? [];
    const waiting = how === 'new' ? pending.filter(frame => this.#rules.survives(frame, page.calls)) : pending;
    if (how !== 'resumed' || this.#rules.resumedCarriesCall) this.change(x, { since: null });
    if (how === 'new') this.change(x, { up: waiting });
    this.dispatch(x, { type: 'welcome', how, calls, waiting });
  }

  /** CA4 hangs up and accepts on its person's behalf. */
  #noteLeaving(x: number, before: ClientCall): void {
    const { calls } = this.at(x).page;
    const { current: call } = calls;
    if (before.state === 'idle' || call.state === 'idle' || withId(calls, before.callId)) return;
    if (before.state !== 'incoming') this.#note(x, before.callId, 'h');
    if (call.state === 'joined') this.#note(x, call.callId, 'a');
  }
}

// What follows is made equal where no decision depends on it, so that states which differ in nothing else are one.

const plain = <F extends { reason: string }>(frame: F): F => ({ ...frame, reason: 'hung-up' });

const linked = (name: string): [CallId, DeviceId] => {
  const [callId = '', deviceId = ''] = name.split(' ');
  return [anId(callId), anId(deviceId)];
};

/** What the page knows of a link that was up; undefined where it is none of its own. */
function stateOf({ calls }: Page, name: string): PeerLink['state'] | undefined {
  const [callId, deviceId] = linked(name);
  const call = withId(calls, callId);
  return call && isInCall(call) ? linkTo(call, deviceId)?.state : undefined;
}

const ends = ({ links }: Joined, { deviceId }: DeviceAddress): DeviceId[] => [deviceId, ...links.keys()];

/** Whether the link that is used from now on had not been up. */
const isRash = (before: Joined, after: Joined): boolean =>
  [...after.links].some(([device, { state }]) => before.next.has(device) && state === 'negotiating');

/** Whether a page hears that its call goes on at another device of its person. */
const isMovedAway = (frame: Down, callId: CallId): boolean =>
  frame.type === 'welcome'
    ? frame.calls.some(told => told.callId === callId && told.as === 'elsewhere')
    : frame.type === 'call.ended' && frame.reason === 'moved';

function plainCalls({ current, held, waiting }: ClientCalls): ClientCalls {
  return {
    current: plainCall(current),
    held: held && plainCall(held),
    waiting: waiting && plainCall(waiting),
    passed: null,
  };
}

function plainCall(call: Joined): Joined;
function plainCall(call: Incoming): Incoming;
function plainCall(call: ClientCall): ClientCall;
function plainCall(call: ClientCall): ClientCall {
  switch (call.state) {
    case 'idle':
      return IDLE;
    case 'outgoing':
      return { ...call, devices: 0, ringsUntil: 0 };
    case 'incoming':
      return { ...call, devices: 0, ringsUntil: 1e12 };
    case 'joined': {
      const [links, next] = [call.links, call.next].map(
        of => new Map([...of].map(([device, link]) => [device, plainLink(link)] as const)),
      );
      return { ...call, connectedAt: call.connectedAt && 0, links: links ?? call.links, next: next ?? call.next };
    }
  }
}

/** To the call only what a link's state is matters, not since when; the link's own exploration looks at the rest. */
const plainLink = (link: PeerLink): PeerLink => ({
  ...link,
  ...('since' in link ? { since: 0 } : {}),
  returns: 0,
  peerAbsent: false,
  media: null,
});

/** The order in which devices joined a ring, and in which calls began, decides nothing; nor does since when a seat is absent. */
function canonical(registry: CallRegistry, before: CallRegistry): CallRegistry {
  if (registry === before) return registry;
  const calls = [...registry.calls].sort(([a], [b]) => (a < b ? -1 : 1));
  const sorted = calls.map(([id, call]): [CallId, LiveCall] => [id, inOrder(call)]);
  return {
    ...registry,
    calls: new Map(sorted),
    places: new Map([...registry.places].sort(([a], [b]) => (a < b ? -1 : 1))),
  };
}

const inOrder = (call: LiveCall): LiveCall =>
  call.state === 'ringing'
    ? { ...call, rings: call.rings.toSorted(), shown: call.shown.toSorted() }
    : { ...call, arriving: call.arriving.map((one, index) => ({ ...one, until: index === 0 ? 1 : Infinity })) };

const PAIRS = new Set([
  'hung-up hung-up',
  'ice-failed ice-failed',
  'connection-lost connection-lost',
  'peer-lost peer-lost',
  'cancelled cancelled',
  'declined declined',
  'no-answer missed',
  'busy missed',
  'unavailable missed',
  'already-in-call null',
]);

function wrongReasons({ callId, parties }: EndedCall): string | null {
  const pair = parties.map(({ reason }) => String(reason)).join(' ');
  return PAIRS.has(pair) ? null : `the two sides read reasons that do not fit: ${callId} ${pair}`;
}
