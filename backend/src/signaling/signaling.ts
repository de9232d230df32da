import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import type { DeviceId, UserId } from '#protocol/ids';
import type { Authenticate } from '../auth/authenticate.ts';
import { Registrar, type RegistrarDeps } from '../calls/registrar.ts';
import { Chat } from '../chat/chat.ts';
import type { Clock } from '../clock.ts';
import type { Config } from '../config.ts';
import type { LiveSessions } from '../delivery.ts';
import type { Logger } from '../log.ts';
import type { Metrics } from '../ops/metrics.ts';
import { Board } from '../presence/board.ts';
import type { Push } from '../push/push.ts';
import type { Facts } from '../presence/presence.ts';
import type { Installation, Store } from '../store/store.ts';
import { systemTimers, type Timers } from '../timers.ts';
import type { ConnectionDeps } from './connection.ts';
import { Gateway } from './gateway.ts';
import { Greeting } from './greeting.ts';
import type { Pace } from './pace.ts';
import { createRouter } from './router.ts';
import type { Session } from './session.ts';
import { Sessions } from './sessions.ts';
import { createTraffic } from './traffic.ts';

export type SignalingDeps = {
  store: Store;
  installation: Installation;
  authenticate: Authenticate;
  config: Pick<Config, 'resumeWindowMs' | 'ringMs'>;
  log: Logger;
  metrics: Metrics;
  clock: Clock;
  timers?: Timers;
  /** Who reaches closed apps; without it nobody does. */
  push?: Push;
  /** The origins under which the installation is known, the canonical one first. */
  origins: () => readonly string[];
  /** How many frames a session may send; benchmarks send more. */
  framePace?: Pace;
};

/** The live side of the server. */
export type Signaling = {
  /** Takes a socket whose path, Host and Origin were found to be ours. `from` is whose budget of sockets it uses. */
  upgrade(request: IncomingMessage, socket: Duplex, head: Buffer, from: string): void;
  readonly live: LiveSessions;
  /** Whether this device has a live socket. */
  isLive(deviceId: DeviceId): boolean;
  /** Resolves when everything asked is stored and said. */
  idle(): Promise<void>;
  /** Tells the sockets, finishes what was asked, closes them with 1012; resolves when nothing is left to do. */
  drain(): Promise<void>;
};

/** How often time is looked at: acks, pings, windows, tokens, rings, presence. */
const TICK_MS = 500;

/** Puts the rooms together and takes over the calls that a last process left in the store. */
export async function createSignaling(deps: SignalingDeps): Promise<Signaling> {
  const { timers = systemTimers } = deps;
  const rooms = createRooms({ ...deps, timers });
  const { sessions, registrar, board, chat, gateway, greeting, traffic } = rooms;
  const { push } = deps;
  await registrar.restart();
  const ticking = [sessions, gateway, registrar, board, traffic, ...(push ? [push] : [])];
  const stop = timers.every(TICK_MS, () => ticking.forEach(room => guarded(deps.log, () => room.tick())));
  const idle = async () => {
    await Promise.all([chat.idle(), registrar.idle()]);
    await board.idle();
  };

  return {
    idle,
    upgrade: (request, socket, head, from) => gateway.upgrade(request, socket, head, from),
    live: {
      deliver: deliveries => sessions.deliver(deliveries),
      endDevices: deviceIds => {
        greeting.shutOut();
        push?.endDevices(deviceIds);
        deviceIds.forEach(deviceId => endDevice(sessions, deviceId));
      },
      declineCall: (seat, callId) => registrar.declined(seat, callId),
      relationChanged: (a, b) => {
        board.tellAnew(a, b);
        registrar.relationChanged(a, b);
      },
    },
    isLive: deviceId => isLive(sessions, deviceId),
    drain: async () => {
      for (const session of sessions.all()) sessions.send(session, { type: 'server.restarting' });
      await idle();
      await gateway.close('restart');
      stop();
      await push?.close();
      // What the end of sessions has set off, too, before the store closes.
      await idle();
    },
  };
}

/** Every room, each knowing of the others only what it is given here. */
function createRooms(deps: SignalingDeps & { timers: Timers }) {
  const { store, log, clock, timers, metrics, push } = deps;
  const traffic = createTraffic(metrics);
  const sessions: Sessions = new Sessions({
    clock,
    timers,
    resumeWindowMs: deps.config.resumeWindowMs,
    onEnded: (session, how) => {
      metrics.sessionClosed();
      registrar.sessionEnded(seatOf(session), how);
    },
    onSeen: userId => board.touch(userId),
    onSent: traffic.onSent,
  });
  const deliver: LiveSessions['deliver'] = deliveries => sessions.deliver(deliveries);
  const facts = (userId: UserId): Facts => ({
    seat: registrar.hasSeat(userId),
    pages: Array.from(sessions.of(userId)).filter(session => session.line !== null),
  });
  const board: Board = new Board({ store, clock, timers, log, deliver, facts });
  const registrar: Registrar = new Registrar({
    ...deps,
    ...callsOver(sessions, () => greeting, push),
    deliver,
    onSeats,
  });
  const greeting: Greeting = new Greeting({
    ...deps,
    sessions,
    epoch: deps.installation.epoch,
    presence: contacts => board.present(contacts),
    onNew: (session, named) => {
      metrics.sessionOpened();
      registrar.welcomed(seatOf(session), named);
    },
  });
  const chat = new Chat({ store, clock, deliver, log, ...(push ? { unheard: push } : {}) });
  const route = createRouter({ sessions, timers, chat, onCallFrame: (seat, frame) => registrar.frame(seat, frame) });
  const onVisible: ConnectionDeps['onVisible'] = (session, visible) => {
    if (session.visible && !visible) session.hiddenAt = timers.now();
    session.visible = visible;
    board.touch(session.userId);
  };
  const gateway = new Gateway({ ...deps, ...traffic, sessions, greeting, route, onVisible });
  return { sessions, registrar, board, chat, gateway, greeting, traffic };

  function onSeats(users: readonly UserId[]): void {
    for (const userId of users) board.touch(userId);
  }
}

/** What calls ask of sessions and of push, and tell them. */
function callsOver(
  sessions: Sessions,
  greeting: () => Greeting,
  push: Push | undefined,
): Pick<RegistrarDeps, 'sessions' | 'send' | 'welcome' | 'hasPush' | 'onCall' | 'onShown'> {
  return {
    hasPush: userId => push?.hasPush(userId) ?? false,
    onCall: call => push?.called(call, deviceId => isLive(sessions, deviceId)),
    onShown: (seat, callId) => push?.shown(seat, callId),
    sessions: userId => Array.from(sessions.of(userId), session => session.deviceId),
    send: ({ deviceId }, frame) => {
      const session = sessions.byDevice(deviceId);
      if (session) sessions.send(session, frame);
    },
    welcome: ({ deviceId }, call) => {
      const session = sessions.byDevice(deviceId);
      if (session) greeting().welcome(session, call);
    },
  };
}

const isLive = (sessions: Sessions, deviceId: DeviceId): boolean =>
  (sessions.byDevice(deviceId)?.line ?? null) !== null;

const seatOf = ({ userId, deviceId }: Session) => ({ userId, deviceId });

function endDevice(sessions: Sessions, deviceId: string): void {
  const session = sessions.byDevice(deviceId);
  if (!session) return;
  const { line } = session;
  sessions.end(session, 'left');
  line?.close('unauthorized');
}

/** What time does to one part must not keep it from the others. */
function guarded(log: Logger, work: () => void): void {
  try {
    work();
  } catch (error) {
    log.error({ err: error }, 'a tick failed');
  }
}
