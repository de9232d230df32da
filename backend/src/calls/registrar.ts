import type { WelcomeCall } from '#protocol/call-frames';
import { lookupFor, serveCalls } from '#protocol/call-server';
import type { CallEffect, CallEvent, CallWorld } from '#protocol/call-server-events';
import {
  deadlineOf,
  guestFinds,
  hasSeat,
  isSeated,
  NO_CALLS,
  openDoorOf,
  type Call,
  type CallRegistry,
  type Door,
  type EndedCall,
  type LiveCall,
} from '#protocol/call-state';
import type { CallId, DeviceAddress, DeviceId, UserId } from '#protocol/ids';
import type { ClientCallFrame } from '#protocol/messages';
import type { Clock } from '../clock.ts';
import type { Delivery, RelationChange } from '../events/event.ts';
import type { Logger } from '../log.ts';
import { logFailure } from '../store/store-error.ts';
import type { Store } from '../store/store.ts';
import type { Timers } from '../timers.ts';
import { createTurns } from '../turns.ts';
import type { Calls } from './calls.ts';
import { endedCallOf, liveCallOf, type Times } from './call-records.ts';
import { CallLog, type CallMetrics } from './call-log.ts';
import { createLanes, type Lanes, type Saying } from './lanes.ts';
import { SetUpTimes } from './set-up-times.ts';

export type RegistrarDeps = {
  store: Pick<Store, 'recordCall' | 'call' | 'takeOverCalls' | 'relation'>;
  config: { readonly ringMs: number };
  clock: Clock;
  timers: Timers;
  log: Logger;
  metrics: CallMetrics;
  /** The devices of this user that have a session, live or inside its window. */
  sessions: (userId: UserId) => DeviceId[];
  /** Whether a push can ring a device of this user. */
  hasPush: (userId: UserId) => boolean;
  /** A call was written: it rings, was answered, or is over. */
  onCall?: (call: Call) => void;
  /** The page of this device says that it shows the ring. */
  onShown?: (seat: DeviceAddress, callId: CallId) => void;
  send: (to: DeviceAddress, frame: Delivery['frame']) => void;
  /** A new session's welcome is due, with these calls in it. */
  welcome: (to: DeviceAddress, calls: readonly WelcomeCall[]) => void;
  deliver: (deliveries: readonly Delivery[]) => void;
  /** The seats of these users may have changed. */
  onSeats: (users: readonly UserId[]) => void;
  /** A link for a guest was opened or closed; `doors` are all that are open. */
  onDoors?: (doors: readonly Door[]) => void;
  /** Another process has become registrar: this one has nothing more to say. */
  onOutranked?: () => void;
};

/** What an event asks of the store before it can be decided. */
type Known = { relation: ReturnType<CallWorld['relation']>; ended: EndedCall | undefined };
const NOTHING: Known = { relation: 'strangers', ended: undefined };

/** The process that decides about calls: a shell around `serveCalls` with the store, the clock and the sessions. */
export class Registrar implements Calls {
  #registry = NO_CALLS;
  #fence = 0;
  readonly #asking = createTurns();
  readonly #times: Times;
  readonly #log: CallLog;
  readonly #setUp: SetUpTimes;
  readonly #lanes: Lanes;
  readonly #deps: RegistrarDeps;

  constructor(deps: RegistrarDeps) {
    this.#deps = deps;
    const behind = () => deps.clock.now() - deps.timers.now();
    this.#times = { logged: since => Math.round(since + behind()), since: at => at - behind() };
    this.#setUp = new SetUpTimes(deps.metrics);
    this.#log = new CallLog({
      ...deps,
      times: this.#times,
      fence: () => this.#fence,
      onRefused: (a, b) => this.#apply({ type: 'separated', users: [a, b] }),
      onOutranked: () => deps.onOutranked?.(),
    });
    this.#lanes = createLanes(
      saying => this.#say(saying),
      error => deps.log.error({ err: error }, 'an effect of a call failed'),
    );
  }

  frame(from: DeviceAddress, frame: ClientCallFrame): void {
    if (frame.type === 'call.ringing') this.#deps.onShown?.(from, frame.callId);
    this.#submit(from.userId, { type: 'frame', from, frame });
  }

  /** A device has a new session, whose hello named the calls its page is in. */
  welcomed(seat: DeviceAddress, named: readonly CallId[]): void {
    this.#submit(seat.userId, { type: 'welcomed', seat, how: 'new', named });
  }

  /** A device may have missed something: its welcome is said again, with its user's calls. */
  again(seat: DeviceAddress): void {
    this.#submit(seat.userId, { type: 'welcomed', seat, how: 'again' });
  }

  sessionEnded(seat: DeviceAddress, how: 'expired' | 'left'): void {
    this.#submit(seat.userId, { type: how, seat });
  }

  /** A device of a rung user declines by its notification; its app is closed. */
  declined(seat: DeviceAddress, callId: CallId): void {
    this.#submit(seat.userId, { type: 'declined', seat, callId });
  }

  /** Ends a call of these two if they may no longer call each other. */
  relationChanged({ by, other, sees, blocked }: RelationChange): void {
    if (!sees) this.#apply({ type: 'separated', users: [by, other], ...(blocked ? { blockedBy: by } : {}) });
  }

  /** The number under which it took the calls over; the higher one decides. */
  get fence(): number {
    return this.#fence;
  }

  liveCalls(): Iterable<LiveCall> {
    return this.#registry.calls.values();
  }

  hasSeat(userId: UserId): boolean {
    return hasSeat(this.#registry, userId);
  }

  isSeated(device: DeviceAddress, callId: CallId): boolean {
    return isSeated(this.#registry, device, callId);
  }

  guestFinds(callId: CallId, guest: UserId | null): ReturnType<typeof guestFinds> {
    return guestFinds(this.#registry, callId, guest, this.#deps.timers.now());
  }

  door(callId: CallId): Door | undefined {
    return openDoorOf(this.#registry, callId, this.#deps.timers.now());
  }

  doors(): Iterable<Door> {
    return this.#registry.doors.values();
  }

  /** Rings and absences that have lasted their time; to be called about twice a second. */
  tick(): void {
    const now = this.#deps.timers.now();
    for (const call of this.#registry.calls.values()) {
      if ((deadlineOf(call) ?? Infinity) <= now) this.#apply({ type: 'deadline', callId: call.callId });
    }
  }

  /**
   * Takes over what the last process left, before the first hello. Of guests nothing is in the store: what this process has
   * heard of their links and calls is all there is.
   */
  async restart({ doors, calls: unwritten }: Pick<CallRegistry, 'doors' | 'calls'> = NO_CALLS): Promise<void> {
    const { fence, calls: rows } = await this.#deps.store.takeOverCalls();
    this.#fence = fence;
    for (const row of rows) this.#log.remember(row);
    const guests = [...unwritten.values()].filter(call => call.guest !== undefined && call.state === 'active');
    const calls = [...rows.map(row => liveCallOf(row, this.#deps.timers.now(), this.#times)), ...guests];
    // Devices that were rung by push are told how it ended.
    for (const call of calls) if (call.state === 'ringing') this.#deps.onCall?.(call);
    this.#apply({ type: 'restarted', calls });
    this.#registry = { ...this.#registry, doors };
    await this.#lanes.idle();
  }

  /** Resolves when everything asked is decided, written and said. */
  async idle(): Promise<void> {
    await this.#asking.idle();
    await this.#lanes.idle();
  }

  /** Decides now, if nothing has to be read first and nothing of the same user waits to be; else in its turn. */
  #submit(userId: UserId, event: CallEvent): void {
    const asks = lookupFor(this.#registry, event) !== undefined;
    if (!asks && !this.#asking.busy(userId)) return this.#apply(event);
    this.#asking.take(userId, async () => {
      try {
        this.#apply(event, await this.#lookUp(event));
      } catch (error) {
        logFailure(this.#deps.log, error, 'a call event failed', { event: event.type });
        if (event.type === 'frame') this.#deps.send(event.from, tryLater(event.frame));
      }
    });
  }

  async #lookUp(event: CallEvent): Promise<Known> {
    const callId = lookupFor(this.#registry, event);
    if (event.type !== 'frame' || callId === undefined) return NOTHING;
    const ended = endedCallOf(await this.#deps.store.call(callId), this.#times);
    if (event.frame.type !== 'call.invite') return { relation: 'strangers', ended };
    return { relation: await this.#relation(event.from.userId, event.frame.receiverId), ended };
  }

  async #relation(caller: UserId, callee: UserId): Promise<Known['relation']> {
    const { accepted, blockedByMe, blockedByThem } = await this.#deps.store.relation(caller, callee);
    if (!accepted || blockedByMe) return 'strangers';
    return blockedByThem ? 'blocked' : 'contacts';
  }

  #apply(event: CallEvent, known: Known = NOTHING): void {
    const world: CallWorld = {
      now: this.#deps.timers.now(),
      ringMs: this.#deps.config.ringMs,
      sessions: this.#deps.sessions,
      hasPush: this.#deps.hasPush,
      relation: () => known.relation,
      endedCall: () => known.ended,
    };
    const [next, effects] = serveCalls(this.#registry, event, world);
    const isOpened = next.doors !== this.#registry.doors;
    this.#registry = next;
    if (isOpened) this.#deps.onDoors?.([...next.doors.values()]);
    this.#takeTimes(event, effects, world.now);
    this.#lanes.add(effects.map(effect => (effect.do === 'record' ? this.#log.write(effect.call) : effect)));
  }

  #takeTimes(event: CallEvent, effects: readonly CallEffect[], now: number): void {
    if (event.type === 'frame') {
      const { type, callId } = event.frame;
      const isHandedOn = effects.some(effect => effect.do === 'send' && effect.frame.type === type);
      this.#setUp.heard(event.frame, { call: this.#registry.calls.get(callId), isHandedOn, now });
    }
    for (const effect of effects)
      if (effect.do === 'record' && effect.call.state === 'ended') this.#setUp.forget(effect.call.callId);
  }

  #say(saying: Saying): void {
    if (saying.do === 'send') this.#deps.send(saying.to, saying.frame);
    else this.#deps.welcome(saying.to, saying.calls);
  }
}

/** What a device hears whose frame could not be decided now. */
export const tryLater = ({ type, callId }: ClientCallFrame): Delivery['frame'] => ({
  type: 'fault',
  re: { type, id: callId },
  code: 'try-later',
  detail: 'The server is busy.',
  retryMs: 2_000,
});
