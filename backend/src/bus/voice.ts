import { randomUUID } from 'node:crypto';
import type { WelcomeCall } from '#protocol/call-frames';
import type { DeviceId, UserId } from '#protocol/ids';
import type { Delivery } from '../events/event.ts';
import { TOPICS, type BusMessage } from './bus-messages.ts';
import type { Bus } from './bus.ts';
import type { OwnSessions } from './own-sessions.ts';

export type WithoutFrom<M> = M extends unknown ? Omit<M, 'from'> : never;
/** What a user's topic brings. */
export type ToUser =
  ({ kind: 'deliver' } & Omit<Delivery, 'userId'>) | { kind: 'welcome'; deviceId: DeviceId; calls: WelcomeCall[] };
export type ToRegistrar = WithoutFrom<Extract<BusMessage, { kind: 'frame' | 'welcomed' | 'declined' | 'ended' }>>;
/** What all processes are told. */
export type ToEverybody = WithoutFrom<
  Exclude<BusMessage, { kind: 'deliver' | 'welcome' | 'frame' | 'welcomed' | 'declined' | 'ended' }>
>;

/** Most users told in one message. */
const CHUNK = 200;
/** What all are told and nobody is told again, in place of which their devices look in the store. */
const ONCE = new Set<BusMessage['kind']>(['devices-removed', 'settings-changed', 'relation-changed']);

/** What this process says on the bus, and which users' topics it hears. */
export class Voice {
  /** This process's, made anew at each start. */
  readonly id = randomUUID();
  readonly #bus: Bus;
  readonly #own: OwnSessions;
  /** Topics of users, with what resolves when they are heard; and those without a session, to be left soon. */
  readonly #hearing = new Map<UserId, Promise<void>>();
  readonly #left = new Set<UserId>();
  /** To whom something was said that could not be; undefined: to everybody. */
  #missed: Set<UserId> | undefined = new Set();
  #wasCutOff = false;

  constructor(bus: Bus, own: OwnSessions) {
    this.#bus = bus;
    this.#own = own;
  }

  toUser(userId: UserId, message: ToUser): void {
    void this.#say(TOPICS.user(userId), message).then(heard => heard === null && this.#miss([userId]));
  }

  /** Answers with how many heard it: 0 while nobody is registrar. */
  async toRegistrar(message: ToRegistrar): Promise<number> {
    return (await this.#say(TOPICS.registrar, message)) ?? 0;
  }

  toAll(message: ToEverybody): void {
    void this.#say(TOPICS.everybody, message).then(heard => {
      if (heard !== null) return;
      this.#wasCutOff = true;
      if (message.kind === 'missed') this.#miss(message.users);
      else if (ONCE.has(message.kind)) this.#miss(undefined);
    });
  }

  /** Whether all could not be told something since this was asked last. */
  wasCutOff(): boolean {
    const was = this.#wasCutOff;
    this.#wasCutOff = false;
    return was;
  }

  /** Something about this user's sessions here has changed. `opened`: a device has a new one. */
  here(userId: UserId, opened?: DeviceId): void {
    const devices = this.#own.of(userId);
    if (devices.length > 0) this.#left.delete(userId);
    else if (this.#hearing.has(userId)) this.#left.add(userId);
    this.toAll({ kind: 'here', users: [{ userId, devices }], ...(opened === undefined ? {} : { opened }) });
  }

  /** Who is here, whole. */
  everybody(): void {
    const all = [...new Set(this.#own.seats().map(({ userId }) => userId))];
    for (let at = 0; at === 0 || at < all.length; at += CHUNK) {
      const users = all.slice(at, at + CHUNK).map(userId => ({ userId, devices: this.#own.of(userId) }));
      this.toAll({ kind: 'everybody', users, first: at === 0 });
    }
  }

  /** Resolves when this process hears what is said to this user. */
  hear(userId: UserId): Promise<void> {
    this.#left.delete(userId);
    const known = this.#hearing.get(userId) ?? this.#bus.subscribe(TOPICS.user(userId));
    this.#hearing.set(userId, known);
    return known;
  }

  /** Leaves the topics of those who have had no session for a while, and says what was missed. */
  tick(): void {
    for (const userId of this.#left) {
      this.#hearing.delete(userId);
      this.#bus.unsubscribe(TOPICS.user(userId));
    }
    this.#left.clear();
    if (!this.#bus.up || this.#missed?.size === 0) return;
    const users = this.#missed && [...this.#missed];
    this.#missed = new Set();
    this.toAll({ kind: 'missed', ...(users && { users }) });
  }

  /** @param users undefined for all there are */
  #miss(users: readonly UserId[] | undefined): void {
    if (!users || (this.#missed?.size ?? 0) + users.length > CHUNK) this.#missed = undefined;
    else for (const userId of users) this.#missed?.add(userId);
  }

  #say(topic: string, message: object): Promise<number | null> {
    return this.#bus.publish(topic, JSON.stringify({ ...message, from: this.id }));
  }
}
