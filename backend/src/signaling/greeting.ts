import { randomUUID } from 'node:crypto';
import { relaysCalls } from '#protocol/api/account';
import type { WelcomeCall } from '#protocol/call-frames';
import { type CallId, isGuest, sessionId, type UserId } from '#protocol/ids';
import type { ClientFrame, FrameOf } from '#protocol/messages';
import { confirm, sendAck } from '#protocol/outbox';
import type { PersonPresence, Welcome } from '#protocol/session-frames';
import type { Authenticate } from '../auth/authenticate.ts';
import type { GuestClaims } from '../auth/tokens.ts';
import type { Clock } from '../clock.ts';
import { reachable } from '../store/reachable.ts';
import type { Store } from '../store/store.ts';
import type { Line, Read, Session } from './session.ts';
import type { Sessions, SessionsDeps } from './sessions.ts';

type Hello = FrameOf<ClientFrame, 'hello'>;

export type GreetingDeps = {
  store: Pick<Store, 'acceptedContacts' | 'keyState'>;
  authenticate: Authenticate;
  sessions: Sessions;
  clock: Clock;
  epoch: string;
  /** The origins under which the installation is known, the canonical one first. */
  origins: () => readonly string[];
  /** Those of `reader`'s contacts who are not offline, as `reader` may see them. */
  presence: (reader: UserId, contacts: readonly UserId[]) => PersonPresence[];
  /** As for `Sessions`. */
  servers?: SessionsDeps['servers'];
  /** A guest of a call, by the token of their own that they hold; null for any other token. */
  guest?: ((token: string) => GuestClaims | null) | undefined;
  /** Whether this guest may be, or is, in this call. */
  admits: (callId: CallId, guest: UserId) => boolean;
  /** A device has a new session; its welcome is due once the calls of its user are written. */
  onNew: (session: Session, named: readonly CallId[]) => void;
};

/** Who says hello, as far as a session must know it. */
type Hailing = Pick<Session, 'userId' | 'deviceId' | 'guest' | 'expiresAt' | 'relayCalls'>;
type Asking = { who: Hailing; read: Read };

/** Answers hellos: who is asking, which session that makes, and the welcome. */
export class Greeting {
  readonly #deps: GreetingDeps;
  /** How often what hellos read has changed: who was let in before the last time is asked again. */
  #changes = 0;
  /** What a welcome that comes again says, read before it is due. */
  readonly #prepared = new WeakMap<Session, Read>();

  constructor(deps: GreetingDeps) {
    this.#deps = deps;
  }

  /** The first frame of a socket. Null where the line was closed, or has closed meanwhile. */
  async hello(line: Line, hello: Hello): Promise<Session | null> {
    const asking = await this.#ask(line, hello.token);
    if (!asking || !line.open) return null;
    const before = this.#resumable(asking.who, hello);
    if (before === 'foreign') {
      line.close('unauthorized');
      return null;
    }
    return before ? this.#resume(line, asking, before) : this.#open(line, asking, hello.calls ?? []);
  }

  /** A hello on a session's own live socket renews its token. */
  async renew(session: Session, line: Line, { token }: Hello): Promise<void> {
    const asking = await this.#ask(line, token);
    if (!asking || session.line !== line) return;
    const { userId, deviceId, expiresAt, relayCalls } = asking.who;
    if (userId !== session.userId || deviceId !== session.deviceId) return line.close('unauthorized');
    session.expiresAt = expiresAt;
    session.relayCalls = relayCalls;
    line.send(JSON.stringify(this.#welcomeOf(session, 'resumed', asking.read)));
  }

  /** Says anew, as after a renewal, what a welcome says beside the session itself: nothing is sent again. */
  async tell(session: Session): Promise<void> {
    const { line } = session;
    if (line === null || session.greeting !== null) return;
    const read = await this.#read(session);
    if (session.line === line) line.send(JSON.stringify(this.#welcomeOf(session, 'resumed', read)));
  }

  /** To be called before a welcome comes again: so that nothing has to be read when it does. */
  async prepare(session: Session): Promise<void> {
    this.#prepared.set(session, await this.#read(session));
  }

  /** Says the welcome of a session that did not resume: its first one, or one that comes again. */
  welcome(session: Session, calls: readonly WelcomeCall[]): void {
    const { sessions } = this.#deps;
    const how = session.greeting === null ? 'again' : 'new';
    const read = session.greeting ?? this.#prepared.get(session);
    const told = calls.map(call => this.#withServers(session, call));
    const welcome = { ...this.#welcomeOf(session, how, read), ...(told.length > 0 ? { calls: told } : {}) };
    if (how === 'again') {
      // It confirms by its own `ack`, so the outbox must not write a second one beside it.
      [session.box] = sendAck(session.box);
      sessions.send(session, welcome);
    } else sessions.greet(session, JSON.stringify(welcome));
  }

  #withServers(session: Session, call: WelcomeCall): WelcomeCall {
    const servers = call.as === 'elsewhere' ? undefined : this.#deps.servers?.(session, call.callId);
    return servers === undefined ? call : { ...call, servers };
  }

  async #ask(line: Line, token: string): Promise<Asking | null> {
    const guest = this.#guest(token);
    if (guest) return { who: guest, read: NOTHING };
    for (;;) {
      const before = this.#changes;
      const who = await this.#deps.authenticate(token);
      if (!who.ok) {
        line.close('unauthorized');
        return null;
      }
      const { userId, deviceId, expiresAt, user } = who.value;
      const hailing = { userId, deviceId, expiresAt, relayCalls: relaysCalls(user.settings) };
      const asking = { who: hailing, read: await this.#read(hailing) };
      if (before === this.#changes) return asking;
    }
  }

  /** There is nothing of a guest in the store: whether their call is there is asked each time. */
  #guest(token: string): Hailing | null {
    const claims = this.#deps.guest?.(token);
    if (!claims || !this.#deps.admits(claims.call, claims.sub)) return null;
    const { sub: userId, did: deviceId, call: callId, name, exp } = claims;
    return { userId, deviceId, guest: { callId, name }, expiresAt: exp * 1000, relayCalls: false };
  }

  async #read({ userId, deviceId }: Pick<Session, 'userId' | 'deviceId'>): Promise<Read> {
    if (isGuest(userId)) return NOTHING;
    const { store } = this.#deps;
    const [contacts, keys] = await Promise.all([reachable(store, userId), store.keyState({ userId, deviceId })]);
    return { contacts, keys };
  }

  /** Devices were removed, or settings changed: a hello that is being answered may be theirs, and its answer out of date. */
  outdated(): void {
    this.#changes += 1;
  }

  /** The session this hello names, if it is this device's own and both ends agree on what was confirmed. */
  #resumable({ userId, deviceId }: Hailing, { session: id, received = 0 }: Hello): Resumable | 'foreign' | null {
    const session = id === undefined ? undefined : this.#deps.sessions.byId(id);
    if (session && (session.userId !== userId || session.deviceId !== deviceId)) return 'foreign';
    // One that has not been welcomed cannot have told its id.
    if (!session || session.greeting !== null) return null;
    const box = confirm(session.box, received);
    return box && { session, box };
  }

  #resume(line: Line, { who, read }: Asking, { session, box }: Resumable): Session {
    session.expiresAt = who.expiresAt;
    session.relayCalls = who.relayCalls;
    this.#deps.sessions.resume(session, line, box);
    this.#deps.sessions.greet(session, JSON.stringify(this.#welcomeOf(session, 'resumed', read)));
    return session;
  }

  #open(line: Line, { who, read }: Asking, named: readonly CallId[]): Session {
    const id = sessionId.parse(randomUUID());
    const given = { ...who, id, line, greeting: read };
    const session = this.#deps.sessions.open(given);
    this.#deps.onNew(session, named);
    return session;
  }

  #welcomeOf(session: Session, how: Welcome['how'], read: Read | undefined): Welcome {
    const now = this.#deps.clock.now();
    return {
      type: 'welcome',
      session: session.id,
      how,
      ack: session.box.received,
      userId: session.userId,
      deviceId: session.deviceId,
      tokenMs: Math.max(0, Math.round(session.expiresAt - now)),
      serverTime: now,
      epoch: this.#deps.epoch,
      origins: [...this.#deps.origins()],
      presence: this.#deps.presence(session.userId, read?.contacts ?? []),
      ...(read?.keys && { keys: read.keys }),
    };
  }
}

/** A welcome to a guest says nothing from the store. */
const NOTHING: Read = { contacts: [] };

type Resumable = { session: Session; box: Session['box'] };
