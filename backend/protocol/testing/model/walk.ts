import { canHold, canResume } from '#protocol/call-client';
import { allOf, clientDeadline, isInCall, phaseOf } from '#protocol/call-client-state';
import { type LiveCall, partiesOf, partOf, peerOf, placeIn } from '#protocol/call-state';
import { type Wire, Dice, uuid } from '#protocol/testing/model/walk-wire';
import { WalkPage } from '#protocol/testing/model/walk-page';
import { WalkServer } from '#protocol/testing/model/walk-server';
import { callId, type CallId, type DeviceAddress, deviceId, userId } from '#protocol/ids';

interface Act {
  readonly weight: number;
  readonly label: string;
  readonly run: () => void;
}

/** How a walk went: null where it kept every rule. */
export interface Walked {
  readonly what: string;
  readonly trace: readonly string[];
}

/**
 * One random walk through far more than can be explored: real frames through real parsers and outboxes, lost acks and
 * sockets, offers, candidates and link numbers. At the end nothing goes wrong any more, and all that follows by itself
 * must bring pages and server to agree and every link up, without a single timer.
 */
export function walk(seed: number, steps: number): Walked | null {
  const trip = new Trip(new Dice(seed));
  try {
    for (let i = 0; i < steps; i++) trip.step();
    trip.calmDown();
    const what = trip.disagreement();
    return what === null ? null : { what, trace: trip.trace };
  } catch (error) {
    return { what: String(error), trace: trip.trace };
  }
}

class Trip {
  readonly trace: string[] = [];
  readonly #dice: Dice;
  readonly #server: WalkServer;
  readonly #pages: WalkPage[];
  /** Sockets of pages that are gone: what was sent on them may still arrive. */
  readonly #dying = new Map<Wire, DeviceAddress>();
  #calls = 0;

  constructor(dice: Dice) {
    this.#dice = dice;
    this.#server = new WalkServer(dice.chance(0.5));
    this.#pages = ['a1', 'a2', 'b1', 'b2', 'c1'].map(
      name => new WalkPage({ userId: userId.parse(uuid(`${name.charAt(0)}0`)), deviceId: deviceId.parse(uuid(name)) }),
    );
  }

  step(): void {
    const acts = [...this.#follows(), ...this.#people(), ...this.#disturbances()];
    let roll = this.#dice.roll() * acts.reduce((sum, act) => sum + act.weight, 0);
    const act = acts.find(({ weight }) => (roll -= weight) < 0);
    if (act) this.#run(act);
    this.#oneCallEach();
  }

  #run({ label, run }: Act): void {
    this.trace.push(label);
    run();
  }

  calmDown(): void {
    this.trace.push('--- nothing goes wrong any more');
    for (const session of this.#server.sessions.values()) if (session.deaf) this.#server.again(session);
    for (let i = 0; i < 5_000; i++) {
      const act = this.#dice.pick(this.#follows());
      if (!act) return;
      this.#run(act);
      this.#oneCallEach();
    }
    throw new Error('it never becomes quiet');
  }

  // ------------------------------------------------------------------ what can happen

  #follows(): Act[] {
    const acts: Act[] = [];
    const add = (label: string, run: () => void): void => void acts.push({ weight: 10, label, run });
    for (const page of this.#pages) {
      const { wire } = page;
      const name = nameOf(page);
      if (!wire) add(`${name} connects`, () => page.connect());
      const [said] = wire?.up ?? [];
      if (wire && said !== undefined)
        add(`server <- ${name} ${brief(said)}`, () => this.#server.hear(page.seat, wire, wire.up.shift() ?? ''));
      const [told] = wire?.down ?? [];
      if (wire && told !== undefined) add(`${name} <- ${brief(told)}`, () => page.hear(wire.down.shift() ?? ''));
    }
    for (const [wire, seat] of this.#dying) {
      const [said] = wire.up;
      if (said === undefined) this.#dying.delete(wire);
      else
        add(`server <- ${brief(said)} of a page that is gone`, () =>
          this.#server.hear(seat, wire, wire.up.shift() ?? ''),
        );
    }
    for (const [x, y, callId] of this.#linkable()) {
      add(`the link ${nameOf(x)}-${nameOf(y)} comes up`, () => {
        x.linkChanged('link-up', callId);
        y.linkChanged('link-up', callId);
      });
    }
    return acts;
  }

  #people(): Act[] {
    const acts: Act[] = [];
    const add = (weight: number, label: string, run: () => void): void => void acts.push({ weight, label, run });
    for (const page of this.#pages) {
      const { call, calls } = page;
      const name = nameOf(page);
      if (call.state === 'idle' && calls.held === null && page.isOpen) {
        const peerId = this.#dice.pick(this.#pages.filter(p => p.seat.userId !== page.seat.userId))?.seat.userId;
        if (peerId === undefined) continue;
        const id = callId.parse(uuid(`f${this.#calls}`));
        const place = { type: 'place', callId: id, peerId, media: 'video', live: page.live } as const;
        add(2, `${name} calls ${peerId.slice(6, 8)}`, () => {
          this.#calls++;
          page.dispatch(place);
        });
      }
      if (call.state === 'incoming') {
        add(8, `${name} accepts`, () => page.dispatch({ type: 'accept', media: 'video' }));
        add(2, `${name} declines`, () => page.dispatch({ type: 'decline' }));
        add(8, `${name} shows its ring`, () => page.dispatch({ type: 'ring-shown' }));
      }
      if (calls.waiting !== null) {
        if (canHold(calls))
          add(8, `${name} holds and accepts`, () => page.dispatch({ type: 'hold-and-accept', media: 'video' }));
        add(2, `${name} ends and accepts`, () => page.dispatch({ type: 'end-and-accept', media: 'video' }));
        add(1, `${name} declines beside its call`, () => page.dispatch({ type: 'decline-waiting' }));
      }
      if (canResume(calls)) add(2, `${name} resumes`, () => page.dispatch({ type: 'resume' }));
      if (calls.held !== null) add(0.3, `${name} ends what it holds`, () => page.dispatch({ type: 'end-held' }));
      if (call.state !== 'idle') add(0.5, `${name} hangs up`, () => page.dispatch({ type: 'hang-up' }));
      const due = clientDeadline(calls);
      // A page stops its own ring later than the server does.
      const rings = allOf(calls).some(one => one.state === 'incoming' && this.#server.registry.calls.has(one.callId));
      if (due !== null && !rings) add(0.1, `${name} runs out of time`, () => page.dispatch({ type: 'time' }, due));
    }
    return acts;
  }

  #disturbances(): Act[] {
    const acts: Act[] = [];
    const add = (weight: number, label: string, run: () => void): void => void acts.push({ weight, label, run });
    for (const page of this.#pages) {
      const name = nameOf(page);
      const session = this.#server.sessions.get(page.seat.deviceId);
      if (page.wire) add(0.8, `${name} loses its socket`, () => this.#loseSocket(page));
      if (page.live) add(4, `${name} acknowledges`, () => page.acknowledge());
      if (page.live) add(0.1, `${name} says bye`, () => this.#bye(page));
      if (page.isOpen) add(0.1, `${name} crashes`, () => this.#crash(page));
      if (session && !session.wire)
        add(2, `the window of ${name} expires`, () => this.#server.end(page.seat, 'expired'));
      if (session?.deaf) add(4, `the bus of ${name} is back`, () => this.#server.again(session));
      else if (session) add(0.2, `the bus of ${name} is lost`, () => void (session.deaf = true));
      for (const call of allOf(page.calls)) {
        const { callId: id } = call;
        if (phaseOf(call) === 'connected')
          add(0.5, `${name}'s link goes down`, () => this.#linkDown(page, id, 'link-down'));
        if (isInCall(call) && page.links.get(id)?.agreed)
          add(0.2, `${name}'s link breaks`, () => this.#linkDown(page, id, 'link-broken'));
      }
    }
    add(0.1, 'the server restarts', () => {
      this.#server.restart();
      for (const page of this.#pages) if (page.wire) page.lose();
    });
    add(0.1, 'rings have lasted their time', () => this.#server.deadlines());
    return acts;
  }

  #loseSocket(page: WalkPage): void {
    const session = this.#server.sessions.get(page.seat.deviceId);
    if (session && session.wire === page.wire) session.wire = null;
    page.lose();
  }

  #bye(page: WalkPage): void {
    const { wire } = page;
    page.dispatch({ type: 'page-hidden' });
    wire?.up.push('{"type":"bye"}');
    if (wire) this.#dying.set(wire, page.seat);
    this.#peersLose(page);
    page.close();
  }

  #crash(page: WalkPage): void {
    const session = this.#server.sessions.get(page.seat.deviceId);
    if (session && session.wire === page.wire) session.wire = null;
    this.#peersLose(page);
    page.close();
  }

  #linkDown(page: WalkPage, id: CallId, how: 'link-down' | 'link-broken'): void {
    this.#peerLoses(page, id);
    page.linkChanged(how, id);
  }

  #peersLose(page: WalkPage): void {
    for (const id of page.links.keys()) this.#peerLoses(page, id);
  }

  /** A link that goes down at one end goes down at the other. */
  #peerLoses({ seat }: WalkPage, id: CallId): void {
    for (const other of this.#pages) {
      const isPeer = other.links.get(id)?.isUp && other.seat.userId !== seat.userId;
      if (isPeer) other.linkChanged('link-down', id);
    }
  }

  #linkable(): [WalkPage, WalkPage, CallId][] {
    const pairs: [WalkPage, WalkPage, CallId][] = [];
    for (const x of this.#pages)
      for (const [id, a] of x.links)
        for (const y of this.#pages) {
          const b = y.links.get(id);
          if (!b || x.seat.userId >= y.seat.userId || a.number !== b.number) continue;
          const agree = a.agreed !== null && a.agreed === b.agreed && a.candidates > 0 && b.candidates > 0;
          if (agree && !(a.isUp && b.isUp)) pairs.push([x, y, id]);
        }
    return pairs;
  }

  // ------------------------------------------------------------------ what must hold

  /** CA1, after every step. */
  #oneCallEach(): void {
    const calls = [...this.#server.registry.calls.values()];
    const places = calls.flatMap(call => partiesOf(call).map(({ userId: of }) => `${of} ${placeIn(call, of)}`));
    if (new Set(places).size < places.length) throw new Error('two calls for one user in one place');
  }

  disagreement(): string | null {
    for (const page of this.#pages) {
      const calls = [...this.#server.registry.calls.values()];
      const implied = calls.flatMap(call => impliedBy(call, page.seat) ?? []);
      const is = allOf(page.calls).map(call => `${phaseOf(call)} ${call.callId} ${call.peerId}`);
      if (is.sort().join() !== implied.sort().join())
        return `${nameOf(page)} is ${is.join()}, should be ${implied.join()}`;
      for (const call of calls) {
        const peer = this.#pages.find(p => p !== page && namesSeat(call, p) && namesSeat(call, page));
        const [said, heard] = [peer?.mediaSaid.get(call.callId), page.mediaHeard.get(call.callId)];
        if (peer && said !== heard) return `${nameOf(page)} knows media state ${heard}, not ${said}`;
      }
    }
    return null;
  }
}

const namesSeat = (call: LiveCall, page: WalkPage): boolean => {
  const part = partOf(call, page.seat);
  return call.state === 'active' && part !== null;
};

function impliedBy(call: LiveCall, seat: DeviceAddress): string | null {
  const part = partOf(call, seat);
  const facts = `${call.callId} ${peerOf(call, seat.userId)}`;
  if (part === null) return null;
  if (call.state === 'active') return `connected ${facts}`;
  return part === 'caller' ? `outgoing ${facts}` : `incoming ${facts}`;
}

/** `a1` of the id it was made from. */
const nameOf = ({ seat }: WalkPage): string =>
  String.fromCodePoint(Number.parseInt(seat.deviceId.slice(0, 8), 16)) + Number(seat.deviceId.slice(-12));

const brief = (text: string): string => text.replaceAll(/0000[0-9a-f]{4}-0000-4000-8000-0*/g, '#').slice(0, 160);
