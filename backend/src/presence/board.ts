import type { UserId } from '#protocol/ids';
import type { PersonPresence, PresenceState } from '#protocol/session-frames';
import type { Clock } from '../clock.ts';
import type { RelationChange } from '../events/event.ts';
import type { EventHub } from '../events/event-hub.ts';
import type { Logger } from '../log.ts';
import { logFailure } from '../store/store-error.ts';
import { reachable } from '../store/reachable.ts';
import type { Store } from '../store/store.ts';
import type { Timers } from '../timers.ts';
import { createTurns } from '../turns.ts';
import { PartedViews } from './parted-views.ts';
import { look, OFFLINE, type Facts, type Person } from './presence.ts';

export type BoardDeps = {
  store: Pick<Store, 'acceptedContacts'>;
  clock: Clock;
  timers: Timers;
  log: Logger;
  /** Every process looks at everybody, and tells those who are here. */
  events: Pick<EventHub, 'sayHere'>;
  facts: (userId: UserId) => Facts;
  /** Those of this process. */
  sessions: { hasOthers(than: UserId): boolean };
};

/** Who is there, and who is told: accepted contacts where neither has blocked the other. */
export class Board {
  /** Everybody who is not offline. */
  readonly #people = new Map<UserId, Person>();
  readonly #lookAt = new Map<UserId, number>();
  readonly #parted = new PartedViews();
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
    this.#telling.take(userId, () =>
      this.#tellContacts(userId, leftAt).catch((error: unknown) =>
        logFailure(this.#deps.log, error, 'presence was not told'),
      ),
    );
  }

  /** Those of `reader`'s contacts who are not offline, as `reader` may see them, in the order of their ids. */
  present(reader: UserId, contacts: readonly UserId[]): PersonPresence[] {
    const views = this.#parted.of(reader);
    return [...new Set([...contacts, ...views.keys()])].sort().flatMap(userId => {
      const { told } = views.get(userId) ?? this.#people.get(userId) ?? OFFLINE;
      return told === 'offline' ? [] : [{ userId, state: told }];
    });
  }

  /** Two people begin or cease to see each other. Who has never seen the other hears nothing. */
  relationChanged({ by, other, saw, sees }: RelationChange): void {
    if (saw === sees) return;
    for (const [reader, of] of [
      [by, other],
      [other, by],
    ] as const) {
      if (sees) this.#meet(reader, of);
      else this.#parted.part(reader, of, this.#people.get(of) ?? OFFLINE, this.#deps.timers.now());
    }
  }

  /** To be called about twice a second. */
  tick(): void {
    const now = this.#deps.timers.now();
    for (const [userId, at] of this.#lookAt) if (at <= now) this.touch(userId);
    for (const { reader, of, leftAt } of this.#parted.gone(now)) this.#tellOne(reader, of, 'offline', leftAt);
  }

  idle(): Promise<void> {
    return this.#telling.idle();
  }

  /** In turns: what is true then is told, so that a quick change cannot be overtaken by the one before. */
  async #tellContacts(userId: UserId, leftAt: number): Promise<void> {
    // A process that has just started is told of everybody, and has nobody yet whom it could tell.
    if (!this.#deps.sessions.hasOthers(userId)) return;
    const contacts = await reachable(this.#deps.store, userId);
    for (const contact of contacts) this.#tellOne(contact, userId, this.#told(userId), leftAt);
  }

  /** Whom one sees again is told where they were believed to be otherwise. */
  #meet(reader: UserId, of: UserId): void {
    const believed = this.#parted.meet(reader, of);
    const told = this.#told(of);
    if (told !== (believed?.told ?? 'offline')) this.#tellOne(reader, of, told, believed?.leftAt ?? null);
  }

  #told(userId: UserId): PresenceState {
    return this.#people.get(userId)?.told ?? 'offline';
  }

  /** @param leftAt when they left, by `Timers.now`, which is said of somebody who is offline */
  #tellOne(reader: UserId, userId: UserId, state: PresenceState, leftAt: number | null): void {
    const { clock, timers, events } = this.#deps;
    const lastSeen = Math.round(clock.now() - (timers.now() - (leftAt ?? timers.now())));
    const frame = { type: 'presence', userId, state, ...(state === 'offline' ? { lastSeen } : {}) } as const;
    events.sayHere({ kind: 'deliver', deliveries: [{ userId: reader, frame }] });
  }
}
