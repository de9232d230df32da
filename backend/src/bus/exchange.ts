import type { WelcomeCall } from '#protocol/call-frames';
import type { Door, LiveCall } from '#protocol/call-state';
import type { DeviceAddress, DeviceId, UserId } from '#protocol/ids';
import type { RegistrarDeps } from '../calls/registrar.ts';
import type { Delivery, SharedEvent } from '../events/event.ts';
import type { EventHub } from '../events/event-hub.ts';
import type { Logger } from '../log.ts';
import type { Timers } from '../timers.ts';
import {
  hear,
  hearDoor,
  readMessage,
  tell,
  tellDoor,
  TOPICS,
  type BusMessage,
  type DeviceHere,
  type ToldDoor,
} from './bus-messages.ts';
import type { Bus } from './bus.ts';
import { CallDesk } from './call-desk.ts';
import { Declines, type DeclinesDeps } from './declines.ts';
import { Lease } from './lease.ts';
import type { OwnSessions } from './own-sessions.ts';
import { Roster } from './roster.ts';
import { relayEvent } from './relay-event.ts';
import { Voice, type ToUser } from './voice.ts';

export type ExchangeDeps = Omit<RegistrarDeps, 'sessions' | 'send' | 'welcome' | 'onOutranked'> & {
  bus: Bus;
  own: OwnSessions;
  events: EventHub;
  declining: DeclinesDeps['declining'];
  timers: Timers;
  log: Logger;
  onUp?: (up: boolean) => void;
};

/**
 * Makes several processes one: what is said to a user reaches their sessions wherever they are, everybody knows who is
 * where, and calls are decided in one place. Losing messages is no error: each loss ends in a welcome that comes again.
 */
export class Exchange {
  readonly desk: CallDesk;
  /** Who is where, on the other processes. */
  readonly roster = new Roster();
  readonly declines: Declines;
  readonly #lease: Lease;
  readonly #deps: ExchangeDeps;
  readonly #voice: Voice;
  #registrar = { id: '', fence: 0 };

  constructor(deps: ExchangeDeps) {
    this.#deps = deps;
    const { bus, own, events } = deps;
    const voice = (this.#voice = new Voice(bus, own));
    this.declines = new Declines({ ...deps, voice, roster: this.roster });
    this.desk = new CallDesk({
      ...deps,
      isUp: () => bus.up,
      sessions: userId => this.#devices(userId),
      send: (to, frame) => this.#send(to, frame),
      welcome: (to, calls) => this.#welcome(to, calls),
      forward: message => voice.toRegistrar(message),
      hearing: userId => voice.hear(userId),
      prepare: seat => own.prepare(seat),
      onHosting: (fence, calls) => this.#host(fence, [...calls]),
      onResigned: () => bus.unsubscribe(TOPICS.registrar),
      onChanged: (fence, users, calls) => {
        this.desk.heard(calls, users);
        this.#voice.toAll({ kind: 'seats', fence, users: [...users], calls: this.#told(calls) });
      },
      onOpened: (fence, doors) => {
        this.desk.heardDoors(doors);
        this.#voice.toAll({ kind: 'doors', fence, doors: this.#toldDoors(doors) });
      },
    });
    events.relayTo(event => this.#relay(event));
    events.on('sessions-changed', ({ userId, opened }) => voice.here(userId, opened));
    this.#lease = new Lease({
      ...deps,
      id: voice.id,
      others: () => this.roster.processes(),
      onLapsed: () => this.#lapsed(),
      onGone: process => this.#gone(process),
      onRegistrar: isOurs => this.desk.host(isOurs),
    });
  }

  /** Joins the others; calls are decided when it resolves, here or elsewhere. */
  async start(): Promise<void> {
    const { bus } = this.#deps;
    bus.listen({ onMessage: this.#onMessage, onUp: () => this.#onUp(), onDown: () => this.#onDown() });
    this.#deps.onUp?.(true);
    await bus.subscribe(TOPICS.everybody);
    await this.#lease.look();
    this.#meet();
    await this.desk.idle();
  }

  tick(): void {
    this.#lease.tick();
    this.desk.tick();
    this.#voice.tick();
    this.declines.tick();
    if (this.#deps.bus.up && this.#voice.wasCutOff()) this.#meet();
  }

  /** Ends what this process holds, so that others take over at once. */
  async leave(): Promise<void> {
    this.desk.resign();
    this.#voice.toAll({ kind: 'gone' });
    await this.#lease.end().catch(() => undefined);
  }

  #send(to: DeviceAddress, frame: Delivery['frame']): void {
    if (this.#deps.own.has(to.deviceId)) return this.#deps.own.send(to, frame);
    this.#voice.toUser(to.userId, { kind: 'deliver', only: to.deviceId, frame });
  }

  /** Of marks and retractions other processes want to hear where they might push. */
  #relay(event: SharedEvent): void {
    if (event.kind === 'marked' && !this.#deps.hasPush(event.reader.userId)) return;
    if (event.kind === 'retracted' && !event.users.some(this.#deps.hasPush)) return;
    relayEvent(event, {
      toAll: message => this.#voice.toAll(message),
      toUser: (userId, message) => this.#isOwn(message) || this.#voice.toUser(userId, message),
    });
  }

  /** Whether it is for one device, which is connected here and so nowhere else. */
  #isOwn(message: ToUser): boolean {
    return message.kind === 'deliver' && message.only !== undefined && this.#deps.own.has(message.only);
  }

  #touch(users: readonly UserId[]): void {
    this.#deps.events.say({ kind: 'people-changed', users });
  }

  #devices(userId: UserId): DeviceId[] {
    const own = this.#deps.own.of(userId).map(({ deviceId }) => deviceId);
    return [...new Set([...own, ...this.roster.devices(userId)])];
  }

  #welcome(seat: DeviceAddress, calls: readonly WelcomeCall[]): void {
    if (!this.#deps.own.has(seat.deviceId)) {
      return this.#voice.toUser(seat.userId, { kind: 'welcome', deviceId: seat.deviceId, calls: [...calls] });
    }
    this.desk.answered(seat.deviceId);
    this.#deps.own.welcome(seat, calls);
  }

  #told(calls: readonly LiveCall[]) {
    return calls.map(call => tell(call, this.#deps.timers.now()));
  }

  async #host(fence: number, calls: LiveCall[]): Promise<void> {
    await this.#deps.bus.subscribe(TOPICS.registrar);
    const doors = [...this.desk.doors()];
    this.#voice.toAll({ kind: 'registrar', fence, calls: this.#told(calls), doors: this.#toldDoors(doors) });
    this.#newRegistrar(this.#voice.id, fence, calls, doors);
  }

  /** Somebody else decides from now on, who knows nothing of our sessions' calls but what the store says. */
  #newRegistrar(id: string, fence: number, calls: LiveCall[], doors: readonly Door[]): void {
    if (fence < this.#registrar.fence) return;
    this.desk.heardDoors(doors);
    const isNew = id !== this.#registrar.id || fence !== this.#registrar.fence;
    this.#registrar = { id, fence };
    this.#touch(this.desk.heard(calls));
    if (isNew) this.desk.again(this.#deps.own.seats());
  }

  readonly #onMessage = (topic: string, text: string): void => {
    this.#lease.check();
    const message = readMessage(text);
    if (!message) return this.#deps.log.warn({ topic }, 'another version of Parley speaks on the bus');
    if (message.from === this.#voice.id) return;
    if (topic === TOPICS.everybody) this.#toAll(message);
    else if (topic === TOPICS.registrar) this.#toRegistrar(message);
    else this.#toUser(TOPICS.userOf(topic), message);
  };

  #toUser(userId: UserId, message: BusMessage): void {
    if (message.kind === 'deliver') {
      const { only, except, frame } = message;
      const to = { ...(only === undefined ? {} : { only }), ...(except === undefined ? {} : { except }) };
      this.#deps.events.sayHere({ kind: 'deliver', deliveries: [{ userId, ...to, frame }] });
    } else if (message.kind === 'welcome' && this.#deps.own.has(message.deviceId)) {
      this.#welcome({ userId, deviceId: message.deviceId }, message.calls);
    }
  }

  #toRegistrar(message: BusMessage): void {
    if (!('seat' in message)) return;
    // A session that has moved to another process is not ended by the end of its old one here.
    if (message.kind === 'ended' && this.#isElsewhere(message.seat, message.from)) return;
    this.desk.forwarded(message);
  }

  #toAll(message: BusMessage): void {
    const { own, events } = this.#deps;
    switch (message.kind) {
      case 'here':
        if (message.opened !== undefined) own.replaced(message.opened);
        return this.#here(message.from, message.users);
      case 'everybody':
        if (message.first) this.roster.gone(message.from);
        this.roster.known(message.from);
        this.#here(message.from, message.users);
        return this.#settle(message.users);
      case 'who':
        this.roster.known(message.from);
        return this.#introduce();
      case 'gone':
        return this.#gone(message.from);
      case 'missed':
        // Their devices here look for it in the store.
        return this.desk.again(own.seats().filter(({ userId }) => message.users?.includes(userId) ?? true));
      case 'devices-removed':
      case 'settings-changed':
      case 'relation-changed':
      case 'marked':
      case 'retracted':
        return events.sayHere(message);
      case 'push-subscribed':
        return events.sayHere({ kind: 'subscriptions-stale' });
      case 'declining':
        return this.desk.declinedBy(this.declines.asked(message.question, message.token));
      case 'declines':
        return this.declines.answered(message.question, message.from, message.known);
      case 'registrar':
        return this.#newRegistrar(
          message.from,
          message.fence,
          this.#heard(message.calls),
          this.#heardDoors(message.doors ?? []),
        );
      case 'doors':
        if (message.fence >= this.#registrar.fence) this.desk.heardDoors(this.#heardDoors(message.doors));
        return;
      case 'seats':
        if (message.fence < this.#registrar.fence) return;
        this.desk.heard(this.#heard(message.calls), message.users);
        return this.#touch(message.users);
      default: // What belongs to another topic.
    }
  }

  #toldDoors(doors: readonly Door[]) {
    return doors.map(door => tellDoor(door, this.#deps.timers.now()));
  }

  #heardDoors(doors: readonly ToldDoor[]): Door[] {
    return doors.map(door => hearDoor(door, this.#deps.timers.now()));
  }

  #heard(calls: Parameters<typeof hear>[0][]): LiveCall[] {
    return calls.map(call => hear(call, this.#deps.timers.now()));
  }

  #here(process: string, users: readonly { userId: UserId; devices: DeviceHere[] }[]): void {
    const now = this.#deps.timers.now();
    for (const { userId, devices } of users) this.roster.here(process, userId, devices, now);
    this.#touch(users.map(({ userId }) => userId));
  }

  /** After a loss two processes may believe to have the same device: the later hello was the page's. */
  #settle(users: readonly { userId: UserId; devices: DeviceHere[] }[]): void {
    const { own } = this.#deps;
    for (const { userId, devices } of users) {
      for (const { deviceId, since } of own.of(userId)) {
        if (devices.some(other => other.deviceId === deviceId && other.since > since)) own.replaced(deviceId);
      }
    }
  }

  /** What this process knows of the others, and they of it, may be old. */
  #meet(): void {
    this.#voice.toAll({ kind: 'who' });
    this.#introduce();
  }

  #introduce(): void {
    this.#voice.everybody();
    const { id, fence } = this.#registrar;
    if (id === this.#voice.id && this.desk.isHosting) {
      const calls = this.#told([...this.desk.liveCalls()]);
      this.#voice.toAll({ kind: 'registrar', fence, calls, doors: this.#toldDoors([...this.desk.doors()]) });
    }
  }

  #isElsewhere(seat: DeviceAddress, process: string): boolean {
    return this.#deps.own.has(seat.deviceId) || this.roster.isBeside(seat, process);
  }

  #gone(process: string): void {
    const seats = this.roster.gone(process);
    if (seats.length > 0) this.#deps.log.info({ sessions: seats.length }, 'another process has gone');
    for (const seat of seats) if (!this.#isElsewhere(seat, process)) this.desk.lost(seat);
    this.#touch(seats.map(({ userId }) => userId));
  }

  /** The others have given this process up: what it still believes is old. */
  #lapsed(): void {
    this.#deps.log.warn('this process was paused for longer than its lease: its sessions begin anew');
    this.desk.resign();
    this.#deps.own.restart();
    this.#meet();
  }

  #onDown(): void {
    this.#deps.log.warn('the bus is gone: calls that are up stay up, new ones wait');
    this.#deps.onUp?.(false);
  }

  #onUp(): void {
    this.#lease.check();
    this.#lease.renewed();
    this.#deps.log.info('the bus is back');
    this.#deps.onUp?.(true);
    this.#lease.look().then(
      () => {
        this.#voice.wasCutOff();
        this.#meet();
        this.desk.again(this.#deps.own.seats());
      },
      () => undefined, // Gone again: it will say when it is back.
    );
  }
}
