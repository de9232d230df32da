import type { DeviceId } from '#protocol/ids';
import { markOf, type DeviceHere, type PushNews } from '../bus/bus-messages.ts';
import type { OwnSessions } from '../bus/own-sessions.ts';
import type { Chat } from '../chat/chat.ts';
import type { Board } from '../presence/board.ts';
import { isShutOut } from '../auth/authenticate.ts';
import type { Push } from '../push/push.ts';
import type { Store } from '../store/store.ts';
import type { Timers } from '../timers.ts';
import type { Greeting } from './greeting.ts';
import type { Session } from './session.ts';
import type { Sessions } from './sessions.ts';

export type OwnSessionsDeps = {
  store: Pick<Store, 'device'>;
  sessions: Sessions;
  board: () => Board;
  greeting: () => Greeting;
  chat: () => Pick<Chat, 'relationChanged' | 'missed'>;
  timers: Timers;
  push?: Push;
};

function tell(push: Push, news: PushNews): void {
  switch (news.kind) {
    case 'marked':
      return push.marked(news.reader, news.conversationId, markOf(news.mark));
    case 'retracted':
      return push.retracted(news.conversationId, news.seq, news.users);
    case 'subscribed':
      return push.reload();
  }
}

/** What the other processes may do to the sessions of this one. */
export function ownSessions({ store, sessions, board, greeting, chat, timers, push }: OwnSessionsDeps): OwnSessions {
  return {
    of: userId => Array.from(sessions.of(userId), session => hereAs(session, timers.now())),
    seats: () => Array.from(sessions.all(), seatOf),
    has: deviceId => sessions.byDevice(deviceId) !== undefined,
    deliver: deliveries => sessions.deliver(deliveries),
    send: ({ deviceId }, frame) => {
      const session = sessions.byDevice(deviceId);
      if (session) sessions.send(session, frame);
    },
    welcome: ({ deviceId }, call) => {
      const session = sessions.byDevice(deviceId);
      if (session) greeting().welcome(session, call);
    },
    prepare: async ({ deviceId }) => {
      chat().missed();
      const session = sessions.byDevice(deviceId);
      if (!session) return;
      // It may have been removed while nobody could say so.
      if (isShutOut(await store.device(deviceId))) endDevice(sessions, deviceId);
      else await greeting().prepare(session);
    },
    replaced: deviceId => sessions.replaced(deviceId),
    endDevices: deviceIds => {
      greeting().shutOut();
      push?.endDevices(deviceIds);
      for (const deviceId of deviceIds) endDevice(sessions, deviceId);
    },
    declining: token => push?.decline(token),
    heardOfPush: news => {
      if (push) tell(push, news);
    },
    restart: () => {
      for (const session of Array.from(sessions.all())) {
        const { line } = session;
        sessions.end(session, 'expired');
        line?.close('restart');
      }
    },
    touch: users => users.forEach(userId => board().touch(userId)),
    relationChanged: change => {
      chat().relationChanged(change);
      board().relationChanged(change);
    },
  };
}

export const seatOf = ({ userId, deviceId }: Session) => ({ userId, deviceId });

/** Ends the session of a device that may not have one any more. */
function endDevice(sessions: Sessions, deviceId: DeviceId): void {
  const session = sessions.byDevice(deviceId);
  if (!session) return;
  const { line } = session;
  sessions.end(session, 'left');
  line?.close('unauthorized');
}

function hereAs({ deviceId, line, visible, hiddenAt, since }: Session, now: number): DeviceHere {
  const hiddenMs = visible || hiddenAt === -Infinity ? null : Math.max(0, Math.round(now - hiddenAt));
  return { deviceId, live: line !== null, visible, hiddenMs, since };
}
