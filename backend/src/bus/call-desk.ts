import { isSeatFrame } from '#protocol/call-frames';
import { welcomeCalls } from '#protocol/call-server';
import { ended } from '#protocol/call-server-endings';
import type { Send } from '#protocol/call-server-events';
import { routeSeatFrame } from '#protocol/call-server-frames';
import {
  type Door,
  endedCall,
  guestFinds,
  hasSeat,
  isSeated,
  type LiveCall,
  NO_CALLS,
  openDoorOf,
  partiesOf,
  seatOf,
  seatsAcross,
  withCall,
} from '#protocol/call-state';
import type { CallId, DeviceAddress, DeviceId, UserId } from '#protocol/ids';
import type { ClientCallFrame } from '#protocol/messages';
import type { Calls } from '../calls/calls.ts';
import { Registrar, tryLater, type RegistrarDeps } from '../calls/registrar.ts';
import type { RelationChange } from '../events/event.ts';
import type { Logger } from '../log.ts';
import { logFailure } from '../store/store-error.ts';
import type { Timers } from '../timers.ts';
import type { BusMessage } from './bus-messages.ts';
import type { ToRegistrar } from './voice.ts';

type Forwarded = Extract<BusMessage, { kind: 'frame' | 'welcomed' | 'declined' | 'ended' }>;
/** A device that waits for its welcome. `askedAt`: when the registrar was last told of it. */
type Waiting = { seat: DeviceAddress; how: 'new' | 'again'; named: CallId[]; askedAt: number };

export type CallDeskDeps = Omit<RegistrarDeps, 'onOutranked'> & {
  timers: Timers;
  log: Logger;
  isUp: () => boolean;
  /** To the process that is registrar; answers with how many processes heard it. */
  forward: (message: ToRegistrar) => Promise<number>;
  /** Resolves when this process hears what is said to this user. */
  hearing: (userId: UserId) => Promise<void>;
  /** Reads what a welcome that comes again says beside the call. */
  prepare: (seat: DeviceAddress) => Promise<void>;
  /** This process is registrar from now on: the others are told so, and what is forwarded arrives. */
  onHosting: (fence: number, calls: Iterable<LiveCall>) => Promise<void>;
  /** It no longer is. `lost`: another process has it, or must get it. */
  onResigned: () => void;
  /** The registrar's live calls of these users, after a change. */
  onChanged: (fence: number, users: readonly UserId[], calls: LiveCall[]) => void;
  /** The registrar here has opened or closed a link for a guest; `doors` are all that are open. */
  onOpened: (fence: number, doors: readonly Door[]) => void;
};

/** How long the registrar is waited for before it is told again, in ms. */
const PATIENCE_MS = 2_000;

/**
 * ```
 *   far ── this process gets the lease ──► taking over ── calls read and stamped ──► hosting
 *    ▲                                                                                  │
 *    └── lease lost, paused, or outranked in the store ─────────────────────────────────┘
 * ```
 * Leads from this process's sessions to the registrar, which may be this process. What two seats tell each other
 * goes straight from here.
 */
export class CallDesk implements Calls {
  readonly #deps: CallDeskDeps;
  #registrar: Registrar | null = null;
  #taking: Promise<void> | null = null;
  /** The live calls as the registrar told them. */
  #told = NO_CALLS;
  readonly #waiting = new Map<DeviceId, Waiting>();

  constructor(deps: CallDeskDeps) {
    this.#deps = deps;
  }

  get isHosting(): boolean {
    return this.#registrar !== null;
  }

  frame(from: DeviceAddress, frame: ClientCallFrame): void {
    const { send, isUp, forward } = this.#deps;
    // While no other process can be asked who is there, nobody may be rung: a late ring would be a ghost.
    if (frame.type === 'call.invite' && !isUp()) return send(from, tryLater(frame));
    if (this.#registrar) return this.#registrar.frame(from, frame);
    const told = this.#told.calls.get(frame.callId);
    if (isSeatFrame(frame) && told?.state === 'active') return this.#say(routeSeatFrame(told, from, frame));
    void forward({ kind: 'frame', seat: from, frame }).then(heard => {
      if (heard === 0 && !this.#registrar) this.#unheard(from, frame);
    });
  }

  welcomed(seat: DeviceAddress, named: readonly CallId[]): void {
    this.#wait({ seat, how: 'new', named: [...named], askedAt: 0 });
  }

  /** All these devices may have missed something. */
  again(seats: Iterable<DeviceAddress>): void {
    for (const seat of seats) {
      const waits = this.#waiting.get(seat.deviceId);
      this.#wait(waits ?? { seat, how: 'again', named: [], askedAt: 0 });
    }
  }

  sessionEnded(seat: DeviceAddress, how: 'expired' | 'left'): void {
    this.#waiting.delete(seat.deviceId);
    if (this.#registrar) this.#registrar.sessionEnded(seat, how);
    else void this.#deps.forward({ kind: 'ended', seat, how });
  }

  declined(seat: DeviceAddress, callId: CallId): void {
    if (this.#registrar) this.#registrar.declined(seat, callId);
    else void this.#deps.forward({ kind: 'declined', seat, callId });
  }

  /** What a token of this process was found to decline. */
  declinedBy(declining: { seat: DeviceAddress; callId: CallId } | undefined): void {
    if (declining) this.declined(declining.seat, declining.callId);
  }

  relationChanged(change: RelationChange): void {
    this.#registrar?.relationChanged(change);
  }

  /** A device whose process has gone. */
  lost(seat: DeviceAddress): void {
    this.#registrar?.sessionEnded(seat, 'expired');
  }

  liveCalls(): Iterable<LiveCall> {
    return this.#told.calls.values();
  }

  hasSeat(userId: UserId): boolean {
    return hasSeat(this.#told, userId);
  }

  isSeated(device: DeviceAddress, callId: CallId): boolean {
    return isSeated(this.#told, device, callId);
  }

  guestFinds(callId: CallId, guest: UserId | null): ReturnType<typeof guestFinds> {
    if (this.#registrar) return this.#registrar.guestFinds(callId, guest);
    return guestFinds(this.#told, callId, guest, this.#deps.timers.now());
  }

  door(callId: CallId): Door | undefined {
    return this.#registrar ? this.#registrar.door(callId) : openDoorOf(this.#told, callId, this.#deps.timers.now());
  }

  doors(): Iterable<Door> {
    return this.#told.doors.values();
  }

  /** All links for guests, as the registrar says. */
  heardDoors(doors: readonly Door[]): void {
    this.#told = { ...this.#told, doors: new Map(doors.map(door => [door.callId, door])) };
  }

  tick(): void {
    this.#registrar?.tick();
    const until = this.#deps.timers.now() - PATIENCE_MS;
    for (const waits of this.#waiting.values()) if (waits.askedAt <= until) this.#wait(waits);
  }

  async idle(): Promise<void> {
    await this.#taking;
    await this.#registrar?.idle();
  }

  /** What another process has forwarded to the registrar. */
  forwarded(message: Forwarded): void {
    const registrar = this.#registrar;
    if (!registrar) return;
    const { seat } = message;
    if (message.kind === 'frame') {
      if ('callId' in message.frame) registrar.frame(seat, message.frame);
    } else if (message.kind === 'ended') registrar.sessionEnded(seat, message.how);
    else if (message.kind === 'declined') registrar.declined(seat, message.callId);
    else if (message.how === 'new') registrar.welcomed(seat, message.named);
    else registrar.again(seat);
  }

  /** This device's welcome has been said. */
  answered(deviceId: DeviceId): void {
    this.#waiting.delete(deviceId);
  }

  /** What the registrar says of live calls: all of these users', or, without users, all there are. */
  heard(calls: readonly LiveCall[], users?: readonly UserId[]): UserId[] {
    const of = users && new Set(users);
    const before = [...this.#told.calls.values()].filter(
      call => of === undefined || usersOf(call).some(user => of.has(user)),
    );
    for (const call of before) this.#told = withCall(this.#told, overOf(call));
    for (const call of calls) this.#told = withCall(this.#told, call);
    return [...new Set([...before, ...calls].flatMap(usersOf))];
  }

  /** Takes the calls over, or lets them go, as the lease says. */
  host(isOurs: boolean): void {
    if (!isOurs) return this.resign();
    if (this.#registrar || this.#taking) return;
    this.#taking = this.#takeOver()
      .catch((error: unknown) => logFailure(this.#deps.log, error, 'the calls could not be taken over'))
      .finally(() => (this.#taking = null));
  }

  resign(): void {
    if (!this.#registrar) return;
    this.#registrar = null;
    this.#deps.log.info('no longer the registrar of calls');
    this.#deps.onResigned();
  }

  async #takeOver(): Promise<void> {
    const { onHosting, onChanged, onOpened, onSeats } = this.#deps;
    const registrar: Registrar = new Registrar({
      ...this.#deps,
      onSeats: users => {
        if (this.#registrar !== registrar) return;
        onChanged(
          registrar.fence,
          users,
          [...registrar.liveCalls()].filter(call => isOf(call, users)),
        );
        onSeats(users);
      },
      onDoors: doors => {
        if (this.#registrar === registrar) onOpened(registrar.fence, doors);
      },
      onOutranked: () => this.#registrar === registrar && this.resign(),
    });
    await registrar.restart(this.#told);
    this.#registrar = registrar;
    this.#deps.log.info({ fence: registrar.fence }, 'registrar of calls');
    await onHosting(registrar.fence, registrar.liveCalls());
  }

  #wait(waits: Waiting): void {
    const { hearing, prepare } = this.#deps;
    const { seat, how } = waits;
    this.#waiting.set(seat.deviceId, waits);
    waits.askedAt = this.#deps.timers.now();
    const ready = how === 'new' ? hearing(seat.userId) : prepare(seat);
    ready.then(
      () => this.#ask(waits),
      (error: unknown) => logFailure(this.#deps.log, error, 'a welcome could not be prepared'),
    );
  }

  #ask(waits: Waiting): void {
    const { seat, how, named } = waits;
    if (this.#waiting.get(seat.deviceId) !== waits) return;
    waits.askedAt = this.#deps.timers.now();
    if (!this.#deps.isUp() && !this.#registrar) return this.#answerMyself(seat);
    if (!this.#registrar) void this.#deps.forward({ kind: 'welcomed', seat, how, named });
    else if (how === 'new') this.#registrar.welcomed(seat, named);
    else this.#registrar.again(seat);
  }

  /** Nobody can be asked: what was told last is the best there is, and another welcome comes with the bus. */
  #answerMyself(seat: DeviceAddress): void {
    this.#deps.welcome(seat, welcomeCalls(this.#told, seat, this.#deps.timers.now()));
  }

  #say(said: Send | null): void {
    if (said) this.#deps.send(said.to, said.frame);
  }

  /** There is no registrar at this moment. Who leaves is gone all the same; the rest is repaired by a welcome. */
  #unheard(from: DeviceAddress, frame: ClientCallFrame): void {
    const begins = BEGINNINGS.has(frame.type);
    if (begins) return this.#deps.send(from, tryLater(frame));
    const call = this.#told.calls.get(frame.callId);
    if (frame.type !== 'call.hangup' || call?.state !== 'active') return;
    if (!seatOf(call, from)) return;
    for (const other of seatsAcross(call, from))
      this.#say(ended(other, from.userId, call.callId, frame.reason ?? 'hung-up'));
  }
}

/** Frames to which a page gets `try-later` at once while there is no registrar. */
const BEGINNINGS = new Set<ClientCallFrame['type']>(['call.invite', 'call.accept', 'call.move', 'guest.open']);

const usersOf = (call: LiveCall): UserId[] => partiesOf(call).map(({ userId }) => userId);

const isOf = (call: LiveCall, users: readonly UserId[]): boolean => usersOf(call).some(user => users.includes(user));

/** A call that is to leave a registry; the reasons are read by nobody. */
const overOf = (call: LiveCall) => endedCall(call, null, 'hung-up', null, 0);
