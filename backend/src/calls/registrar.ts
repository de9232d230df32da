import type { WelcomeCall } from '#protocol/call-frames';
import { lookupFor, serveCalls } from '#protocol/call-server';
import type { CallEffect, CallEvent, CallWorld } from '#protocol/call-server-events';
import { deadlineOf, hasSeat, NO_CALLS, type EndedCall, type Seat } from '#protocol/call-state';
import type { CallId, DeviceId, UserId } from '#protocol/ids';
import type { ClientCallFrame } from '#protocol/messages';
import type { Clock } from '../clock.ts';
import type { Delivery } from '../delivery.ts';
import type { Logger } from '../log.ts';
import type { Store } from '../store/store.ts';
import type { Timers } from '../timers.ts';
import { createTurns } from '../turns.ts';
import { endedCallOf, liveCallOf } from './call-records.ts';
import { createCallLog, type CallMetrics } from './call-log.ts';
import { createLanes } from './lanes.ts';

export type RegistrarDeps = {
  store: Pick<Store, 'recordCall' | 'call' | 'liveCalls' | 'relation'>;
  clock: Clock;
  timers: Timers;
  log: Logger;
  metrics: CallMetrics;
  /** The devices of this user that have a session, live or inside its window. */
  sessions: (userId: UserId) => DeviceId[];
  send: (to: Seat, frame: Delivery['frame']) => void;
  /** A new session's welcome is due, with this call in it. */
  welcome: (to: Seat, call: WelcomeCall | undefined) => void;
  deliver: (deliveries: readonly Delivery[]) => void;
  /** The seats of these users may have changed. */
  onSeats: (users: readonly UserId[]) => void;
};

/** The process that decides about calls: a shell around `serveCalls` with the store, the clock and the sessions. */
export type Registrar = {
  frame(from: Seat, frame: ClientCallFrame): void;
  /** A device has a new session, whose hello named the call its page is in. */
  welcomed(seat: Seat, named: CallId | undefined): void;
  sessionEnded(seat: Seat, how: 'expired' | 'left'): void;
  /** Ends a call of these two if they may no longer call each other. */
  relationChanged(a: UserId, b: UserId): void;
  hasSeat(userId: UserId): boolean;
  /** Rings and absences that have lasted their time; to be called about twice a second. */
  tick(): void;
  /** Takes over what the last process left, before the first hello. */
  restart(): Promise<void>;
  idle(): Promise<void>;
};

/** What an event asks of the store before it can be decided. */
type Known = { relation: ReturnType<CallWorld['relation']>; ended: EndedCall | undefined };
const NOTHING: Known = { relation: 'strangers', ended: undefined };

export function createRegistrar(deps: RegistrarDeps): Registrar {
  const { store, timers, log } = deps;
  let registry = NO_CALLS;
  const asking = createTurns();
  const written = createCallLog({ ...deps, onRefused: (a, b) => apply({ type: 'separated', users: [a, b] }) });
  const lanes = createLanes(perform, error => log.error({ err: error }, 'an effect of a call failed'));

  /** Decides now, if nothing has to be read first and nothing of the same user waits to be; else in its turn. */
  function submit(userId: UserId, event: CallEvent): void {
    const asks = lookupFor(registry, event) !== undefined;
    if (!asks && !asking.busy(userId)) return apply(event);
    asking.take(userId, async () => {
      try {
        apply(event, await lookUp(event));
      } catch (error) {
        log.error({ err: error, event: event.type }, 'a call event failed');
        if (event.type === 'frame') deps.send(event.from, tryLater(event.frame));
      }
    });
  }

  async function lookUp(event: CallEvent): Promise<Known> {
    const callId = lookupFor(registry, event);
    if (event.type !== 'frame' || callId === undefined) return NOTHING;
    const ended = endedCallOf(await store.call(callId));
    if (event.frame.type !== 'call.invite') return { relation: 'strangers', ended };
    return { relation: await relationOf(event.from.userId, event.frame.receiverId), ended };
  }

  async function relationOf(caller: UserId, callee: UserId): Promise<Known['relation']> {
    const { accepted, blockedByMe, blockedByThem } = await store.relation(caller, callee);
    if (!accepted || blockedByMe) return 'strangers';
    return blockedByThem ? 'blocked' : 'contacts';
  }

  function apply(event: CallEvent, known: Known = NOTHING): void {
    const world: CallWorld = {
      now: timers.now(),
      sessions: deps.sessions,
      hasPush: () => false,
      relation: () => known.relation,
      endedCall: () => known.ended,
    };
    const [next, effects] = serveCalls(registry, event, world);
    registry = next;
    lanes.add(effects.map(effect => (effect.do === 'record' ? written.timed(effect.call) : effect)));
  }

  function perform(effect: Exclude<CallEffect, { do: 'record' }>): void {
    if (effect.do === 'send') deps.send(effect.to, effect.frame);
    else deps.welcome(effect.to, effect.call);
  }

  return {
    frame: (from, frame) => submit(from.userId, { type: 'frame', from, frame }),
    welcomed: (seat, named) => submit(seat.userId, { type: 'welcomed', seat, how: 'new', named }),
    sessionEnded: (seat, how) => submit(seat.userId, { type: how, seat }),
    relationChanged: (a, b) => {
      Promise.all([relationOf(a, b), relationOf(b, a)]).then(
        both => {
          if (both.some(relation => relation !== 'contacts')) apply({ type: 'separated', users: [a, b] });
        },
        (error: unknown) => log.error({ err: error }, 'a relation could not be read'),
      );
    },
    hasSeat: userId => hasSeat(registry, userId),
    tick: () => {
      const now = timers.now();
      for (const call of registry.calls.values()) {
        if ((deadlineOf(call) ?? Infinity) <= now) apply({ type: 'deadline', callId: call.callId });
      }
    },
    restart: async () => {
      const rows = await store.liveCalls();
      for (const row of rows) written.remember(row);
      apply({ type: 'restarted', calls: rows.map(row => liveCallOf(row, timers.now())) });
      await lanes.idle();
    },
    idle: async () => {
      await asking.idle();
      await lanes.idle();
    },
  };
}

const tryLater = ({ type, callId }: ClientCallFrame): Delivery['frame'] => ({
  type: 'fault',
  re: { type, id: callId },
  code: 'try-later',
  detail: 'The server is busy.',
  retryMs: 2_000,
});
