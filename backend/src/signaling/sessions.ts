import type { CallId, DeviceId, SessionId, UserId } from '#protocol/ids';
import { SERVER_PING_MS, SERVER_SILENCE_MS } from '#protocol/limits';
import { isReliable } from '#protocol/messages';
import { ackDue, resend, send, sendAck, sendUnnumbered, type Outbox } from '#protocol/outbox';
import type { Clock } from '../clock.ts';
import type { Delivery } from '../events/event.ts';
import type { Timers } from '../timers.ts';
import type { IceServers } from '#protocol/ice-servers';
import { frameText } from './frame-text.ts';
import { newSession, type Line, type NewSession, type Outgoing, type Session } from './session.ts';

/** What an outbox keeps beside a frame's text: nobody asks a server for what it has said. */
const TEXT_ALONE = {};

export type SessionsDeps = {
  clock: Clock;
  timers: Timers;
  /** How long a session without its socket can be resumed, in ms; 0 ends it with its socket. */
  resumeWindowMs: number;
  /** A session is over: `expired` past its window, `left` when its page or its device went. */
  onEnded: (session: Session, how: 'expired' | 'left') => void;
  /** Whether this user has a live socket, or a visible page, may have changed. `opened`: this device has a new session. */
  onSeen: (userId: UserId, opened?: DeviceId) => void;
  onSent?: (type: Outgoing['type']) => void;
  /** What a call of this session's device may use; undefined where calls are told nothing. */
  servers?: ((session: Session, callId: CallId) => IceServers) | undefined;
  /** How many sessions there are now, after one came or went, be it without an event. */
  onCount?: (sessions: number) => void;
};

/**
 * ```
 *          hello                 socket lost                  window over
 *   ─────► live ◄──────────────► waiting ──────────────────► expired
 *            │      hello that        │
 *            │      names it          │ hello that does not: replaced by a new one, without a word
 *            └── bye · 1000 · 1001 · device removed ──► left
 * ```
 * All sessions, one a device. Only this knows which frames go over which line.
 */
export class Sessions {
  readonly #byDevice = new Map<DeviceId, Session>();
  readonly #byId = new Map<SessionId, Session>();
  readonly #byUser = new Map<UserId, Set<Session>>();
  readonly #deps: SessionsDeps;

  constructor(deps: SessionsDeps) {
    this.#deps = deps;
  }

  byId(id: SessionId): Session | undefined {
    return this.#byId.get(id);
  }

  byDevice(deviceId: DeviceId): Session | undefined {
    return this.#byDevice.get(deviceId);
  }

  all(): Iterable<Session> {
    return this.#byId.values();
  }

  /** Whether anybody but this user has one. */
  hasOthers(than: UserId): boolean {
    return this.#byUser.size > (this.#byUser.has(than) ? 1 : 0);
  }

  /** This user's sessions, live or inside their window. */
  of(userId: UserId): Iterable<Session> {
    return this.#byUser.get(userId) ?? [];
  }

  /** A new session for a device; an older one is gone without an event, its line closed as replaced. */
  open(given: Omit<NewSession, 'now' | 'since'>): Session {
    const older = this.#byDevice.get(given.deviceId);
    if (older) this.#forget(older)?.close('replaced');
    const session = newSession({ ...given, since: this.#deps.clock.now(), now: this.#deps.timers.now() });
    this.#byDevice.set(session.deviceId, session);
    this.#byId.set(session.id, session);
    this.#deps.onCount?.(this.#byId.size);
    const own = this.#byUser.get(session.userId);
    if (own) own.add(session);
    else this.#byUser.set(session.userId, new Set([session]));
    this.#deps.onSeen(session.userId, session.deviceId);
    return session;
  }

  /** This device has a session on another process: the one here is gone without an event. */
  replaced(deviceId: DeviceId): void {
    const older = this.#byDevice.get(deviceId);
    if (!older) return;
    this.#forget(older)?.close('replaced');
    this.#deps.onSeen(older.userId);
  }

  /** Gives a session another line; the one it had is closed as replaced. `box` has heard what the hello confirmed. */
  resume(session: Session, line: Line, box: Outbox<object>): void {
    if (session.line !== line) session.line?.close('replaced');
    session.line = line;
    session.origin = line.origin;
    session.box = box;
    this.heard(session, this.#deps.timers.now());
    this.#deps.onSeen(session.userId);
  }

  /** Says the welcome (its whole text), then what waits in the outbox. */
  greet(session: Session, welcome: string): void {
    session.greeting = null;
    session.line?.send(welcome);
    for (const text of resend(session.box)) session.line?.send(text);
  }

  heard(session: Session, now: number): void {
    session.heardAt = now;
    session.pinged = false;
  }

  /** The line has ended by itself. `leaves`: the client closed it on purpose. */
  lost(session: Session, line: Line, leaves: boolean): void {
    if (session.line !== line) return;
    session.line = null;
    session.lostAt = this.#deps.timers.now();
    if (leaves) return this.end(session, 'left');
    if (this.#deps.resumeWindowMs === 0) return this.end(session, 'expired');
    this.#deps.onSeen(session.userId);
  }

  /** Ends a session; its line is the caller's to close. */
  end(session: Session, how: 'expired' | 'left'): void {
    if (this.#byId.get(session.id) !== session) return;
    this.#forget(session);
    this.#deps.onEnded(session, how);
    this.#deps.onSeen(session.userId);
  }

  /** A device may not have a session any more. */
  shutOut(deviceId: DeviceId): void {
    const session = this.#byDevice.get(deviceId);
    if (!session) return;
    const { line } = session;
    this.end(session, 'left');
    line?.close('unauthorized');
  }

  deliver(deliveries: readonly Delivery[]): void {
    for (const { userId, only, except, frame } of deliveries) {
      const sessions = this.#byUser.get(userId);
      if (!sessions) continue;
      let body: string | undefined;
      for (const session of sessions) {
        if ((only !== undefined && session.deviceId !== only) || session.deviceId === except) continue;
        if (hasServers(frame)) this.send(session, frame);
        else this.#say(session, frame, (body ??= frameText(frame)));
      }
    }
  }

  /** One frame for one session; a reliable one waits where there is no line, another is dropped. */
  send(session: Session, frame: Outgoing): void {
    const servers = hasServers(frame) ? this.#deps.servers?.(session, frame.callId) : undefined;
    const said = servers === undefined ? frame : { ...frame, servers };
    this.#say(session, said, frameText(said));
  }

  #say(session: Session, frame: Outgoing, body: string): void {
    const speaks = session.line !== null && session.greeting === null;
    const reliable = isReliable(frame.type);
    if (!reliable && !speaks) return;
    const [box, text] = reliable ? send(session.box, TEXT_ALONE, body) : sendUnnumbered(session.box, frame, body);
    if (text === null) return this.#overflow(session);
    // A frame that stays here takes no ack along: it is written again, without one, when it leaves.
    session.box = speaks ? box : { ...box, told: session.box.told };
    this.#deps.onSent?.(frame.type);
    if (speaks) session.line?.send(text);
  }

  /** Confirms all that has arrived, at once. */
  ack(session: Session): void {
    const [box, text] = sendAck(session.box);
    session.box = box;
    session.line?.send(text);
  }

  /** What time does to every session; to be called about twice a second. */
  tick(): void {
    const now = this.#deps.timers.now();
    const wall = this.#deps.clock.now();
    for (const session of this.#byId.values()) {
      if (session.line === null) {
        if (now - session.lostAt >= this.#deps.resumeWindowMs) this.end(session, 'expired');
      } else if (wall >= session.expiresAt) session.line.close('unauthorized');
      else if (now - session.heardAt >= SERVER_SILENCE_MS) session.line.destroy();
      else if (session.greeting === null) this.#remind(session, now);
    }
  }

  #remind(session: Session, now: number): void {
    if (now - session.heardAt >= SERVER_PING_MS && !session.pinged) {
      session.pinged = true;
      this.send(session, { type: 'ping' });
    }
    // Where frames go the other way too, they carry the acks; one of its own leaves only when none did for a while.
    if (ackDue(session.box) !== 'no' && session.box.told === session.told) this.ack(session);
    session.told = session.box.told;
  }

  /** A client that confirms nothing has lost its session; it hears so at its next hello. */
  #overflow(session: Session): void {
    const { line } = session;
    this.end(session, 'expired');
    line?.destroy();
  }

  #forget(session: Session): Line | null {
    const { line } = session;
    session.line = null;
    this.#byId.delete(session.id);
    this.#deps.onCount?.(this.#byId.size);
    this.#byDevice.delete(session.deviceId);
    const own = this.#byUser.get(session.userId);
    own?.delete(session);
    if (own?.size === 0) this.#byUser.delete(session.userId);
    return line;
  }
}

const WITH_SERVERS = ['call.invited', 'call.ringing', 'call.moving'] as const;

/** Whether a frame brings the servers that its call may use at the device that it is for. */
const hasServers = (frame: Outgoing): frame is Extract<Outgoing, { type: (typeof WITH_SERVERS)[number] }> =>
  WITH_SERVERS.some(type => type === frame.type);
