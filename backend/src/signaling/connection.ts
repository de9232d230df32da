import type { CallId, ConversationId } from '#protocol/ids';
import { HELLO_BYTES } from '#protocol/limits';
import { isReliable, type ClientFrame, type FrameOf } from '#protocol/messages';
import { ackDue, confirm, receive } from '#protocol/outbox';
import { parseClientFrame } from '#protocol/parse';
import type { Logger } from '../log.ts';
import { logFailure } from '../store/store-error.ts';
import type { Timers } from '../timers.ts';
import type { Greeting } from './greeting.ts';
import { FRAME_PACE, paced, type Pace } from './pace.ts';
import type { Line, Session } from './session.ts';
import type { Sessions } from './sessions.ts';
import type { Traffic } from './traffic.ts';

/** What is handed on: everything but what steers the session itself. */
export type Routed = Extract<ClientFrame, { callId: CallId } | { conversationId: ConversationId }>;

export type ConnectionDeps = {
  sessions: Sessions;
  greeting: Greeting;
  timers: Timers;
  log: Logger;
  route: (session: Session, frame: Routed) => void;
  onVisible: (session: Session, visible: boolean) => void;
  /** Who watches: see `Traffic`. */
  onArrived: Traffic['onArrived'];
  onHandled: Traffic['onHandled'];
  framePace?: Pace;
};

/**
 * ```
 *   fresh ── hello ──► greeting ── authenticated ──► session ── bye ──► closed
 * ```
 * One socket's side of the protocol. Whatever goes wrong here concerns this socket alone.
 */
export class Connection {
  #session: Session | 'fresh' | 'greeting' = 'fresh';
  readonly #line: Line;
  readonly #deps: ConnectionDeps;
  readonly #onKnown: () => void;

  /** @param onKnown its hello has been answered */
  constructor(line: Line, deps: ConnectionDeps, onKnown: () => void) {
    this.#line = line;
    this.#deps = deps;
    this.#onKnown = onKnown;
  }

  /** One text frame has arrived. */
  text(text: string): void {
    if (!this.#line.open) return;
    try {
      if (typeof this.#session === 'object') this.#speak(this.#session, text);
      else if (this.#session === 'fresh') this.#hello(text);
      else this.#impatient(text);
    } catch (error) {
      this.#broken(error);
    }
  }

  /** The time for a hello is over. One that has been said is answered however long that takes: the store may be away. */
  late(): void {
    if (this.#session === 'fresh') this.#line.close('helloLate');
  }

  /** The socket has ended. `leaves`: the client said so itself, by closing with 1000 or 1001. */
  closed(leaves: boolean): void {
    if (typeof this.#session === 'object') this.#deps.sessions.lost(this.#session, this.#line, leaves);
  }

  #hello(text: string): void {
    const parsed = parseClientFrame(text, HELLO_BYTES);
    if (!parsed.ok) return this.#line.close(parsed.error.code === 'too-big' ? 'helloLate' : 'malformed');
    if (parsed.value.type !== 'hello') return this.#line.close('helloLate');
    this.#session = 'greeting';
    this.#deps.greeting.hello(this.#line, parsed.value).then(
      session => {
        if (!session) return;
        this.#session = session;
        this.#onKnown();
        // It may have closed in the meantime, when there was no session yet that it could lose.
        if (!this.#line.open) this.closed(false);
      },
      (error: unknown) => this.#broken(error),
    );
  }

  /** Between hello and welcome a page says nothing, unless it goes. */
  #impatient(text: string): void {
    const parsed = parseClientFrame(text, HELLO_BYTES);
    this.#line.close(parsed.ok && parsed.value.type === 'bye' ? 'bye' : 'malformed');
  }

  #speak(session: Session, text: string): void {
    const { sessions, timers } = this.#deps;
    const arrived = this.#deps.onArrived();
    const now = timers.now();
    const due = paced(session.due.frames, now, this.#deps.framePace ?? FRAME_PACE);
    if (due === null) return this.#line.close('tooFast');
    session.due.frames = due;
    const parsed = parseClientFrame(text);
    if (!parsed.ok) {
      this.#deps.log.debug({ error: parsed.error }, 'malformed frame');
      return this.#line.close('malformed', parsed.error.n);
    }
    if (session.line !== this.#line) return;
    sessions.heard(session, now);
    if (!this.#confirm(session, parsed.value)) return this.#line.close('malformed');
    this.#handle(session, parsed.value);
    this.#deps.onHandled(parsed.value.type, arrived);
  }

  #confirm(session: Session, frame: ClientFrame): boolean {
    const upTo = frame.type === 'ack' ? frame.upTo : 'ack' in frame ? frame.ack : undefined;
    if (upTo === undefined) return true;
    const box = confirm(session.box, upTo);
    if (box === null) return false;
    session.box = box;
    return true;
  }

  #handle(session: Session, frame: ClientFrame): void {
    const { sessions, greeting, onVisible } = this.#deps;
    switch (frame.type) {
      case 'ack':
        return;
      case 'ping':
        return sessions.ack(session);
      case 'presence':
        return onVisible(session, frame.visible);
      case 'bye':
        sessions.end(session, 'left');
        return this.#line.close('bye');
      case 'hello':
        return this.#renew(session, frame, greeting);
      default:
        return this.#reliable(session, frame);
    }
  }

  #renew(session: Session, hello: FrameOf<ClientFrame, 'hello'>, greeting: Greeting): void {
    if (hello.session !== session.id) return this.#line.close('malformed');
    greeting.renew(session, this.#line, hello).catch((error: unknown) => this.#broken(error));
  }

  #reliable(session: Session, frame: Routed): void {
    if (!isReliable(frame.type)) return this.#deps.route(session, frame);
    const [box, what] = receive(session.box, frame.n ?? 0);
    session.box = box;
    if (what === 'gap') return this.#line.close('malformed');
    if (what === 'fresh') this.#deps.route(session, frame);
    if (ackDue(session.box) === 'now') this.#deps.sessions.ack(session);
  }

  /** A fault of our own: the client may come back, nobody else hears of it. */
  #broken(error: unknown): void {
    logFailure(this.#deps.log, error, 'a signaling connection failed');
    this.#line.close('restart');
  }
}
