import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import type { IceServers } from '#protocol/ice-servers';
import { isGuest, type CallId, type DeviceAddress, type DeviceId, type UserId } from '#protocol/ids';
import { RESTART_SPREAD_EACH_MS, RESTART_SPREAD_MS } from '#protocol/limits';
import type { Authenticate } from '../auth/authenticate.ts';
import type { Bus } from '../bus/bus.ts';
import { Chat } from '../chat/chat.ts';
import type { Calls } from '../calls/calls.ts';
import type { IceAsker } from '../calls/ice-servers.ts';
import type { Clock } from '../clock.ts';
import type { Config } from '../config.ts';
import type { EventHub } from '../events/event-hub.ts';
import type { Logger } from '../log.ts';
import type { Metrics } from '../ops/metrics.ts';
import { Board } from '../presence/board.ts';
import type { Push } from '../push/push.ts';
import type { Facts } from '../presence/presence.ts';
import type { Installation, Store } from '../store/store.ts';
import { systemTimers, type Timers } from '../timers.ts';
import type { ConnectionDeps } from './connection.ts';
import { Gateway, type Caller } from './gateway.ts';
import { Greeting, type GreetingDeps } from './greeting.ts';
import type { Pace } from './pace.ts';
import { ownSessions, seatOf } from './own-sessions.ts';
import { reach, type Reach } from './reach.ts';
import { createRouter } from './router.ts';
import { Sessions } from './sessions.ts';
import { ToldOrigins } from './told-origins.ts';
import { createTraffic } from './traffic.ts';

export type SignalingDeps = {
  store: Store;
  installation: Installation;
  authenticate: Authenticate;
  guest?: GreetingDeps['guest'] | undefined;
  config: Pick<Config, 'resumeWindowMs' | 'ringMs'>;
  log: Logger;
  metrics: Metrics;
  clock: Clock;
  timers?: Timers;
  /** What this side hears from the others, and says to them. */
  events: EventHub;
  /** Who reaches closed apps; without it nobody does. */
  push?: Push;
  /** What connects several processes; without it this one is alone. */
  bus?: Bus | undefined;
  /** What a call of a device may use; without it calls are told nothing. */
  servers?: (asker: IceAsker, callId: CallId) => IceServers;
  /** The bus has come, or gone. */
  onUp?: (up: boolean) => void;
  /** The origins under which the installation is known, the canonical one first. */
  origins: () => readonly string[];
  /** How many frames a session may send; benchmarks send more. */
  framePace?: Pace;
};

/** The live side of the server. */
export type Signaling = {
  /** Takes a socket whose path, Host and Origin were found to be ours. */
  upgrade(request: IncomingMessage, socket: Duplex, head: Buffer, caller: Caller): void;
  /** Hands on the token of a pushed ring that this process did not give; whether another one did, within a second. */
  declineElsewhere(token: string): Promise<boolean>;
  /** Whether this device has a live socket. */
  isLive(deviceId: DeviceId): boolean;
  /** Whether this device has a seat in this call. */
  isSeated: (device: DeviceAddress, callId: CallId) => boolean;
  /** As of `Calls`. */
  guestFinds: Calls['guestFinds'];
  door: Calls['door'];
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
  const { sessions, far, board, chat, gateway, traffic, told } = rooms;
  const { push, events } = deps;
  roomsHear(events, rooms);
  if (push) pushHears(push, events, (userId, id) => isLive(sessions, id) || far.isLive(userId, id));
  await far.start();
  const guests = { tick: () => endOldGuests(sessions, far.calls) };
  const ticking = [far, sessions, guests, gateway, board, traffic, told, chat, ...(push ? [push] : [])];
  const stop = timers.every(TICK_MS, () => ticking.forEach(room => guarded(deps.log, () => room.tick())));
  const idle = async () => {
    await Promise.all([chat.idle(), far.calls.idle()]);
    await board.idle();
  };

  return {
    idle,
    upgrade: (request, socket, head, caller) => gateway.upgrade(request, socket, head, caller),
    declineElsewhere: token => far.declineElsewhere(token),
    isLive: deviceId => isLive(sessions, deviceId),
    isSeated: (device, callId) => far.calls.isSeated(device, callId),
    guestFinds: (callId, guest) => far.calls.guestFinds(callId, guest),
    door: callId => far.calls.door(callId),
    drain: async () => {
      const all = [...sessions.all()];
      const spreadMs = Math.min(RESTART_SPREAD_MS, Math.round(all.length * RESTART_SPREAD_EACH_MS));
      for (const session of all) sessions.send(session, { type: 'server.restarting', spreadMs });
      await idle();
      await gateway.close('restart');
      stop();
      await push?.close();
      // What the end of sessions has set off, too, before the store closes.
      await idle();
      await far.leave();
    },
  };
}

/** Every room, each knowing of the others only what it is given here. */
function createRooms(deps: SignalingDeps & { timers: Timers }) {
  const { store, log, clock, timers, metrics, push, events } = deps;
  const traffic = createTraffic(metrics);
  const onSeen = (userId: UserId, opened?: DeviceId) => events.say({ kind: 'sessions-changed', userId, opened });
  const sessions: Sessions = new Sessions({
    clock,
    timers,
    resumeWindowMs: deps.config.resumeWindowMs,
    onSeen,
    onSent: traffic.onSent,
    servers: deps.servers,
    onEnded: (session, how) => far.calls.sessionEnded(seatOf(session), how),
    onCount: count => metrics.sessions(count),
  });
  const facts = (userId: UserId): Facts => {
    const here = Array.from(sessions.of(userId)).filter(session => session.line !== null);
    return { seat: far.calls.hasSeat(userId), pages: [...here, ...far.pages(userId)] };
  };
  const own = ownSessions({ ...deps, sessions, greeting: () => greeting });
  const far: Reach = reach({
    ...deps,
    own,
    hasPush: userId => push?.hasPush(userId) ?? false,
    declining: token => push?.decline(token),
  });
  const board = new Board({ store, clock, timers, log, events, sessions, facts });
  const greeting: Greeting = new Greeting({
    ...deps,
    sessions,
    epoch: deps.installation.epoch,
    presence: (reader, contacts) => board.present(reader, contacts),
    admits: (callId, guest) => isAdmitted(far.calls, callId, guest),
    onNew: (session, named) => far.calls.welcomed(seatOf(session), named),
  });
  const chat = new Chat({ ...deps, isTold: () => deps.bus?.up ?? true });
  const route = createRouter({ sessions, timers, chat, onCallFrame: (seat, frame) => far.calls.frame(seat, frame) });
  const onVisible: ConnectionDeps['onVisible'] = (session, visible) => {
    if (session.visible && !visible) session.hiddenAt = timers.now();
    session.visible = visible;
    onSeen(session.userId);
  };
  const gateway = new Gateway({ ...deps, ...traffic, sessions, greeting, route, onVisible });
  const told = new ToldOrigins({ ...deps, sessions, greeting });
  return { sessions, far, board, greeting, chat, gateway, traffic, told };
}

/** What each room does where something has happened in another, or on another process. */
function roomsHear(events: EventHub, { sessions, board, chat, greeting }: ReturnType<typeof createRooms>): void {
  events.on('deliver', ({ deliveries }) => sessions.deliver(deliveries));
  events.on('devices-removed', ({ deviceIds }) => {
    greeting.outdated();
    for (const deviceId of deviceIds) sessions.shutOut(deviceId);
  });
  events.on('settings-changed', ({ userId, relayCalls }) => {
    greeting.outdated();
    for (const session of sessions.of(userId)) session.relayCalls = relayCalls;
  });
  events.on('relation-changed', ({ change }) => {
    chat.relationChanged(change);
    board.relationChanged(change);
  });
  // A guest has no contacts and no row in the store.
  const touch = (userId: UserId) => void (isGuest(userId) || board.touch(userId));
  events.on('sessions-changed', ({ userId }) => touch(userId));
  events.on('people-changed', ({ users }) => users.forEach(touch));
  events.on('unheard', () => chat.missed());
}

/** @param hasPage whether a device of a user has a live socket, on whichever process */
function pushHears(push: Push, events: EventHub, hasPage: (userId: UserId, deviceId: DeviceId) => boolean): void {
  events.on('posted', ({ message, users }) => push.posted(message, users));
  events.on('marked', ({ reader, conversationId, mark }) => push.marked(reader, conversationId, mark));
  events.on('retracted', ({ conversationId, seq, users }) => push.retracted(conversationId, seq, users));
  // A guest's call rings at one page that has its key; to a closed one nothing is pushed.
  events.on(
    'call-changed',
    ({ call }) => void (isGuest(call.caller.userId) || push.called(call, id => hasPage(call.calleeId, id))),
  );
  events.on('ring-shown', ({ device, callId }) => push.shown(device, callId));
  events.on('devices-removed', ({ deviceIds }) => push.endDevices(deviceIds));
  events.on('subscriptions-stale', () => push.reload());
}

/** A guest whose call is over, or whose link is, has no session any more. */
function endOldGuests(sessions: Sessions, calls: Calls): void {
  for (const { deviceId, userId, guest } of sessions.all())
    if (guest && !isAdmitted(calls, guest.callId, userId)) sessions.shutOut(deviceId);
}

const isAdmitted = (calls: Calls, callId: CallId, guest: UserId): boolean => {
  const found = calls.guestFinds(callId, guest);
  return found === 'open' || found === 'own';
};

const isLive = (sessions: Sessions, deviceId: DeviceId): boolean =>
  (sessions.byDevice(deviceId)?.line ?? null) !== null;

/** What time does to one part must not keep it from the others. */
function guarded(log: Logger, work: () => void): void {
  try {
    work();
  } catch (error) {
    log.error({ err: error }, 'a tick failed');
  }
}
