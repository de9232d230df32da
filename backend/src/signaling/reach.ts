import type { DeviceId, UserId } from '#protocol/ids';
import type { Bus } from '../bus/bus.ts';
import { Exchange, type ExchangeDeps } from '../bus/exchange.ts';
import type { OwnSessions } from '../bus/own-sessions.ts';
import type { Calls } from '../calls/calls.ts';
import { Registrar, type RegistrarDeps } from '../calls/registrar.ts';
import type { EventHub } from '../events/event-hub.ts';
import type { Facts } from '../presence/presence.ts';

/** How far this process reaches: its own sessions, or those of all processes on its bus. */
export type Reach = {
  readonly calls: Calls;
  /** Whether this device has a live socket on another process. */
  isLive(userId: UserId, deviceId: DeviceId): boolean;
  /** The pages behind this user's live sockets on other processes. */
  pages(userId: UserId): Facts['pages'];
  /** Hands on the token of a pushed ring that this process did not give; whether another one did, within a second. */
  declineElsewhere(token: string): Promise<boolean>;
  /** Takes over the calls that a last process left in the store, or joins those who have. */
  start(): Promise<void>;
  tick(): void;
  leave(): Promise<void>;
};

export type ReachDeps = Omit<CallDeps, keyof Said> &
  Pick<ExchangeDeps, 'onUp' | 'declining'> & { own: OwnSessions; events: EventHub; bus?: Bus | undefined };

type CallDeps = Omit<RegistrarDeps, 'sessions' | 'send' | 'welcome' | 'onOutranked'>;
/** What the registrar of calls tells the other rooms. */
type Said = Pick<Required<RegistrarDeps>, 'deliver' | 'onSeats' | 'onCall' | 'onShown'>;

export function reach({ bus, ...given }: ReachDeps): Reach {
  const { events } = given;
  const said: Said = {
    deliver: deliveries => events.say({ kind: 'deliver', deliveries }),
    onSeats: users => events.say({ kind: 'people-changed', users }),
    onCall: call => events.say({ kind: 'call-changed', call }),
    onShown: (device, callId) => events.say({ kind: 'ring-shown', device, callId }),
  };
  const deps = { ...given, ...said };
  const far = bus ? joined({ ...deps, bus }) : alone(deps);
  events.on('relation-changed', ({ change }) => far.calls.relationChanged(change));
  events.on('ring-declined', ({ device, callId }) => far.calls.declined(device, callId));
  return far;
}

function alone({ own, ...deps }: ReachDeps & Said): Reach {
  const sessions = (userId: UserId) => own.of(userId).map(({ deviceId }) => deviceId);
  const registrar = new Registrar({ ...deps, ...own, sessions });
  return {
    calls: registrar,
    isLive: () => false,
    pages: () => [],
    declineElsewhere: async () => false,
    start: () => registrar.restart(),
    tick: () => registrar.tick(),
    leave: async () => undefined,
  };
}

function joined(deps: ReachDeps & Said & { bus: Bus }): Reach {
  const exchange = new Exchange(deps);
  return {
    calls: exchange.desk,
    isLive: (userId, deviceId) => exchange.roster.isLive(userId, deviceId),
    pages: userId => exchange.roster.pages(userId),
    declineElsewhere: token => exchange.declines.ask(token),
    start: () => exchange.start(),
    tick: () => exchange.tick(),
    leave: () => exchange.leave(),
  };
}
