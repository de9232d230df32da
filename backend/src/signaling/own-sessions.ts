import { relaysCalls } from '#protocol/api/account';
import type { OwnSessions } from '../bus/own-sessions.ts';
import type { DeviceHere } from '../bus/bus-messages.ts';
import { isShutOut } from '../auth/authenticate.ts';
import type { Events } from '../events/event-hub.ts';
import type { Store } from '../store/store.ts';
import type { Timers } from '../timers.ts';
import type { Greeting } from './greeting.ts';
import type { Session } from './session.ts';
import type { Sessions } from './sessions.ts';

export type OwnSessionsDeps = {
  store: Pick<Store, 'device'>;
  sessions: Sessions;
  greeting: () => Greeting;
  events: Events;
  timers: Timers;
};

/** What the other processes may do to the sessions of this one. */
export const ownSessions = ({ store, sessions, greeting, events, timers }: OwnSessionsDeps): OwnSessions => ({
  of: userId => Array.from(sessions.of(userId), session => hereAs(session, timers.now())),
  seats: () => Array.from(sessions.all(), seatOf),
  has: deviceId => sessions.byDevice(deviceId) !== undefined,
  send: ({ deviceId }, frame) => {
    const session = sessions.byDevice(deviceId);
    if (session) sessions.send(session, frame);
  },
  welcome: ({ deviceId }, call) => {
    const session = sessions.byDevice(deviceId);
    if (session) greeting().welcome(session, call);
  },
  prepare: async ({ deviceId }) => {
    events.say({ kind: 'unheard' });
    const session = sessions.byDevice(deviceId);
    if (!session) return;
    if (session.guest) return greeting().prepare(session);
    // While the bus was down, the device may have been removed on another process, or its person's settings changed.
    const row = await store.device(deviceId);
    if (isShutOut(row)) return sessions.shutOut(deviceId);
    session.relayCalls = relaysCalls(row.user.settings);
    await greeting().prepare(session);
  },
  replaced: deviceId => sessions.replaced(deviceId),
  restart: () => {
    for (const session of Array.from(sessions.all())) {
      const { line } = session;
      sessions.end(session, 'expired');
      line?.close('restart');
    }
  },
});

export const seatOf = ({ userId, deviceId }: Session) => ({ userId, deviceId });

function hereAs({ deviceId, line, visible, hiddenAt, since }: Session, now: number): DeviceHere {
  const hiddenMs = visible || hiddenAt === -Infinity ? null : Math.max(0, Math.round(now - hiddenAt));
  return { deviceId, live: line !== null, visible, hiddenMs, since };
}
