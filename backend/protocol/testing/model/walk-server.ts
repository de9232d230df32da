import { serveCalls } from '#protocol/call-server';
import { type CallEffect, type CallEvent, type CallWorld } from '#protocol/call-server-events';
import { deadlineOf, type EndedCall, NO_CALLS } from '#protocol/call-state';
import { type WelcomeCall } from '#protocol/call-frames';
import { type CallId, type DeviceAddress, type DeviceId, type SessionId, sessionId } from '#protocol/ids';
import { type ServerFrame, type Unnumbered } from '#protocol/messages';
import { confirm, emptyOutbox, type Outbox, receive, resend, send, sendAck } from '#protocol/outbox';
import { parseClientFrame } from '#protocol/parse';
import { type Welcome } from '#protocol/session-frames';
import { type Wire, uuid } from '#protocol/testing/model/walk-wire';

type Frame = Unnumbered<ServerFrame> | Omit<Welcome, 'n'>;
interface Session {
  readonly id: SessionId;
  readonly seat: DeviceAddress;
  box: Outbox<Frame>;
  wire: Wire | null;
  /** What the bus brings is lost at the moment. */
  deaf: boolean;
}

/** The server's shell on a walk: sessions with real outboxes and real frames, and a registry without a store's delay. */
export class WalkServer {
  registry = NO_CALLS;
  readonly past = new Map<CallId, EndedCall>();
  readonly sessions = new Map<DeviceId, Session>();
  readonly #push: boolean;
  #count = 0;
  #how: 'new' | 'again' = 'new';

  constructor(push: boolean) {
    this.#push = push;
  }

  serve(event: CallEvent, now = 0): void {
    const [registry, effects] = serveCalls(this.registry, event, this.#world(now));
    this.registry = registry;
    for (const effect of effects) this.#perform(effect);
  }

  #world(now: number): CallWorld {
    return {
      now,
      sessions: user => [...this.sessions.values()].filter(s => s.seat.userId === user).map(s => s.seat.deviceId),
      hasPush: () => this.#push,
      relation: () => 'contacts',
      endedCall: callId => this.past.get(callId),
    };
  }

  #perform(effect: CallEffect): void {
    if (effect.do === 'record') {
      if (effect.call.state === 'ended') this.past.set(effect.call.callId, effect.call);
      return;
    }
    const session = this.sessions.get(effect.to.deviceId);
    if (!session) return;
    if (effect.do === 'send') {
      if (!session.deaf) this.#say(session, effect.frame);
      return;
    }
    const welcome = this.#welcome(session, this.#how, effect.calls);
    if (this.#how === 'again') this.#sayAgain(session, welcome);
    else session.wire?.down.push(JSON.stringify(welcome));
  }

  #say(session: Session, frame: Frame): void {
    const [box, text] = send(session.box, frame);
    if (text === null) throw new Error('the outbox of a session is full');
    session.box = box;
    session.wire?.down.push(text);
  }

  /** A welcome confirms by its own `ack`: to the outbox everything is told, so that it writes no second one. */
  #sayAgain(session: Session, welcome: Frame): void {
    [session.box] = sendAck(session.box);
    this.#say(session, welcome);
  }

  #welcome({ id, seat, box }: Session, how: 'new' | 'resumed' | 'again', calls: readonly WelcomeCall[]): Frame {
    const facts = { tokenMs: 1, serverTime: 1, epoch: 'e', origins: [], presence: [], ...seat };
    return {
      type: 'welcome',
      session: id,
      how,
      ack: box.received,
      ...facts,
      ...(calls.length > 0 ? { calls: [...calls] } : {}),
    };
  }

  /** A text from this device's socket. */
  hear(seat: DeviceAddress, wire: Wire, text: string): void {
    const parsed = parseClientFrame(text);
    if (!parsed.ok) throw new Error(`a page says what no page may say: ${text}`);
    const frame = parsed.value;
    if (frame.type === 'hello') return this.#hello(seat, wire, frame);
    const session = this.sessions.get(seat.deviceId);
    if (session?.wire !== wire) return;
    const ack = frame.type === 'ack' ? frame.upTo : 'ack' in frame ? frame.ack : undefined;
    if (ack !== undefined) session.box = confirm(session.box, ack) ?? fail('a page confirms what was never sent');
    if (frame.type === 'bye') return this.end(seat, 'left');
    if (!('callId' in frame)) return;
    const [box, verdict] = receive(session.box, frame.n ?? 0);
    if (verdict === 'gap') fail('a frame of a page is missing');
    session.box = box;
    const { n: _, ack: __, ...said } = frame;
    if (verdict === 'fresh') this.serve({ type: 'frame', from: seat, frame: said });
  }

  #hello(
    seat: DeviceAddress,
    wire: Wire,
    hello: { session?: SessionId | undefined; received?: number | undefined; calls?: CallId[] | undefined },
  ): void {
    const known = this.sessions.get(seat.deviceId);
    if (known && known.id === hello.session) {
      known.wire = wire;
      known.box = confirm(known.box, hello.received ?? 0) ?? fail('a page has received what was never sent');
      wire.down.push(JSON.stringify(this.#welcome(known, 'resumed', [])), ...resend(known.box));
      return;
    }
    const id = sessionId.parse(uuid(`s${++this.#count}`));
    this.sessions.set(seat.deviceId, { id, seat, box: emptyOutbox(), wire, deaf: false });
    this.#how = 'new';
    this.serve({ type: 'welcomed', seat, how: 'new', named: hello.calls ?? [] });
  }

  /** The bus is back: the process cannot know what this session has missed. */
  again(session: Session): void {
    session.deaf = false;
    this.#how = 'again';
    this.serve({ type: 'welcomed', seat: session.seat, how: 'again' });
  }

  end(seat: DeviceAddress, how: 'left' | 'expired'): void {
    if (this.sessions.delete(seat.deviceId)) this.serve({ type: how, seat });
  }

  /** Rings and absences have lasted their time. */
  deadlines(): void {
    for (const [callId, call] of this.registry.calls) {
      const due = deadlineOf(call);
      if (due !== null) this.serve({ type: 'deadline', callId }, due);
    }
  }

  restart(): void {
    const calls = [...this.registry.calls.values()];
    this.sessions.clear();
    this.registry = NO_CALLS;
    this.serve({ type: 'restarted', calls });
  }
}

function fail(what: string): never {
  throw new Error(what);
}
