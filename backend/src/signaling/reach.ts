import type { DeviceId, UserId } from '#protocol/ids';
import type { Bus } from '../bus/bus.ts';
import { Exchange, type ExchangeDeps } from '../bus/exchange.ts';
import type { OwnSessions } from '../bus/own-sessions.ts';
import type { Calls } from '../calls/calls.ts';
import { Registrar, type RegistrarDeps } from '../calls/registrar.ts';
import type { Unheard } from '../chat/chat.ts';
import type { LiveSessions } from '../delivery.ts';
import type { Facts } from '../presence/presence.ts';
import type { Push } from '../push/push.ts';

/** How far this process reaches: its own sessions, or those of all processes on its bus. */
export type Reach = LiveSessions & {
  readonly calls: Calls;
  /** Something about this user's sessions here has changed. `opened`: a device has a new one. */
  announce(userId: UserId, opened?: DeviceId): void;
  /** Whether this device has a live socket on another process. */
  isLive(userId: UserId, deviceId: DeviceId): boolean;
  /** Who pushes, told of what pages confirm elsewhere, too. */
  unheard(push: Push): Unheard;
  /** The pages behind this user's live sockets on other processes. */
  pages(userId: UserId): Facts['pages'];
  /** Takes over the calls that a last process left in the store, or joins those who have. */
  start(): Promise<void>;
  tick(): void;
  leave(): Promise<void>;
};

export type ReachDeps = Omit<RegistrarDeps, 'sessions' | 'send' | 'welcome' | 'deliver'> &
  Pick<ExchangeDeps, 'onUp'> & { own: OwnSessions; bus?: Bus | undefined };

export const reach = (deps: ReachDeps): Reach => (deps.bus ? joined({ ...deps, bus: deps.bus }) : alone(deps));

function alone({ own, ...deps }: ReachDeps): Reach {
  const sessions = (userId: UserId) => own.of(userId).map(({ deviceId }) => deviceId);
  const registrar = new Registrar({ ...deps, ...own, sessions });
  return {
    calls: registrar,
    deliver: own.deliver,
    announce: () => undefined,
    isLive: () => false,
    unheard: push => push,
    pages: () => [],
    endDevices: own.endDevices,
    relationChanged: change => {
      own.relationChanged(change);
      registrar.relationChanged(change);
    },
    declineCall: (seat, callId) => registrar.declined(seat, callId),
    declineElsewhere: async () => false,
    subscribed: () => undefined,
    start: () => registrar.restart(),
    tick: () => registrar.tick(),
    leave: async () => undefined,
  };
}

function joined(deps: ReachDeps & { bus: Bus }): Reach {
  const exchange = new Exchange(deps);
  return {
    calls: exchange.desk,
    deliver: deliveries => exchange.deliver(deliveries),
    announce: (userId, opened) => exchange.announce(userId, opened),
    isLive: (userId, deviceId) => exchange.roster.isLive(userId, deviceId),
    unheard: push => ({
      posted: (message, to) => push.posted(message, to),
      marked: (reader, conversationId, mark) => {
        push.marked(reader, conversationId, mark);
        if (push.hasPush(reader.userId)) exchange.tell({ kind: 'marked', reader, conversationId, mark });
      },
      retracted: (conversationId, seq, of) => {
        push.retracted(conversationId, seq, of);
        const users = of.filter(userId => push.hasPush(userId));
        if (users.length > 0) exchange.tell({ kind: 'retracted', users, conversationId, seq });
      },
    }),
    pages: userId => exchange.roster.pages(userId),
    endDevices: deviceIds => exchange.endDevices(deviceIds),
    relationChanged: change => {
      deps.own.relationChanged(change);
      exchange.relationChanged(change);
    },
    declineCall: (seat, callId) => exchange.desk.declined(seat, callId),
    declineElsewhere: token => exchange.declines.ask(token),
    subscribed: () => exchange.tell({ kind: 'subscribed' }),
    start: () => exchange.start(),
    tick: () => exchange.tick(),
    leave: () => exchange.leave(),
  };
}
