import type { UserId } from '#protocol/ids';
import type { PersonPresence } from '#protocol/session-frames';
import type { Clock } from '../clock.ts';
import type { Deliver, Delivery } from '../delivery.ts';
import type { Logger } from '../log.ts';
import { logFailure } from '../store/store-error.ts';
import type { Store } from '../store/store.ts';
import type { Timers } from '../timers.ts';
import { createTurns } from '../turns.ts';
import { look, OFFLINE, type Facts, type Person } from './presence.ts';

export type BoardDeps = {
  store: Pick<Store, 'acceptedContacts' | 'relation'>;
  clock: Clock;
  timers: Timers;
  log: Logger;
  deliver: Deliver;
  facts: (userId: UserId) => Facts;
  /** Those of this process. */
  sessions: { hasOthers(than: UserId): boolean };
};

/** Who is there, and who is told: accepted contacts where neither has blocked the other. */
export class Board {
  /** Everybody who is not offline. */
  readonly #people = new Map<UserId, Person>();
  readonly #lookAt = new Map<UserId, number>();
  readonly #telling = createTurns();
  readonly #deps: BoardDeps;

  constructor(deps: BoardDeps) {
    this.#deps = deps;
  }

  /** Something about this person may have changed. */
  touch(userId: UserId): void {
    const now = this.#deps.timers.now();
    const before = this.#people.get(userId) ?? OFFLINE;
    const [person, next] = look(before, this.#deps.facts(userId), now);
    if (next === null) this.#lookAt.delete(userId);
    else this.#lookAt.set(userId, next);
    if (person.told === 'offline') this.#people.delete(userId);
    else this.#people.set(userId, person);
    if (person.told === before.told) return;
    const leftAt = before.leftAt ?? now;
    this.#tell(userId, () => this.#tellContacts(userId, Math.round(this.#deps.clock.now() - (now - leftAt))));
  }

  /** Those of `users` who are not offline. */
  present(users: readonly UserId[]): PersonPresence[] {
    return users.flatMap(userId => {
      const state = this.#people.get(userId)?.told;
      return state === undefined ? [] : [{ userId, state }];
    });
  }

  /** Their relation has changed: each is told the other as they may now see them. */
  tellAnew(a: UserId, b: UserId): void {
    this.#tell(b, () => this.#tellOne(a, b));
    this.#tell(a, () => this.#tellOne(b, a));
  }

  /** To be called about twice a second. */
  tick(): void {
    const now = this.#deps.timers.now();
    for (const [userId, at] of this.#lookAt) if (at <= now) this.touch(userId);
  }

  idle(): Promise<void> {
    return this.#telling.idle();
  }

  /** In turns: what is true then is told, so that a quick change cannot be overtaken by the one before. */
  #tell(of: UserId, job: () => Promise<void>): void {
    this.#telling.take(of, () =>
      job().catch((error: unknown) => logFailure(this.#deps.log, error, 'presence was not told')),
    );
  }

  async #tellContacts(userId: UserId, lastSeen: number): Promise<void> {
    // A process that has just started is told of everybody, and has nobody yet whom it could tell.
    if (!this.#deps.sessions.hasOthers(userId)) return;
    const contacts = await reachable(this.#deps.store, userId);
    const frame = this.#frame(userId, lastSeen);
    this.#deps.deliver(contacts.map((contact): Delivery => ({ userId: contact, frame })));
  }

  /** To somebody who may not see them any more, who was there left just now, and last seen stays as it is. */
  async #tellOne(reader: UserId, of: UserId): Promise<void> {
    const { accepted, blockedByMe, blockedByThem } = await this.#deps.store.relation(reader, of);
    const sees = accepted && !blockedByMe && !blockedByThem;
    const lastSeen = this.#people.has(of) ? this.#deps.clock.now() : undefined;
    const gone: PresenceFrame = { type: 'presence', userId: of, state: 'offline', ...seen(lastSeen) };
    this.#deps.deliver([{ userId: reader, frame: sees ? this.#frame(of) : gone }]);
  }

  #frame(userId: UserId, lastSeen?: number): PresenceFrame {
    const state = this.#people.get(userId)?.told ?? 'offline';
    return { type: 'presence', userId, state, ...(state === 'offline' ? seen(lastSeen) : {}) };
  }
}

type PresenceFrame = Extract<Delivery['frame'], { type: 'presence' }>;

const seen = (lastSeen: number | undefined) => (lastSeen === undefined ? {} : { lastSeen });

/** The accepted contacts of `userId` where neither has blocked the other: who may see whom. */
export async function reachable(store: Pick<Store, 'acceptedContacts'>, userId: UserId): Promise<UserId[]> {
  const contacts = await store.acceptedContacts(userId);
  return contacts.filter(one => !one.blockedByMe && !one.blockedByThem).map(one => one.userId);
}
