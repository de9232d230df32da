import type { UserId } from '#protocol/ids';
import type { PersonPresence } from '#protocol/session-frames';
import type { Clock } from '../clock.ts';
import type { Deliver, Delivery } from '../delivery.ts';
import type { Logger } from '../log.ts';
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
};

/** Who is there, and who is told: accepted contacts where neither has blocked the other. */
export type Board = {
  /** Something about this person may have changed. */
  touch(userId: UserId): void;
  /** Those of `users` who are not offline. */
  present(users: readonly UserId[]): PersonPresence[];
  /** Their relation has changed: each is told the other as they may now see them. */
  tellAnew(a: UserId, b: UserId): void;
  /** To be called about twice a second. */
  tick(): void;
  idle(): Promise<void>;
};

type Entry = Person & { lastSeen?: number };

export function createBoard({ store, clock, timers, log, deliver, facts }: BoardDeps): Board {
  const people = new Map<UserId, Entry>();
  const lookAt = new Map<UserId, number>();
  const telling = createTurns();

  function touch(userId: UserId): void {
    const before = people.get(userId) ?? OFFLINE;
    const [person, next] = look(before, facts(userId), timers.now());
    if (next === null) lookAt.delete(userId);
    else lookAt.set(userId, next);
    if (person.told !== 'offline') people.set(userId, person);
    else people.delete(userId);
    if (person.told === before.told) return;
    const leftFor = before.leftAt === null ? 0 : timers.now() - before.leftAt;
    tellContacts(userId, person.told === 'offline' ? Math.round(clock.now() - leftFor) : undefined);
  }

  /** What is true when its turn comes is told, so that a quick change cannot be overtaken by the one before. */
  function tellContacts(userId: UserId, lastSeen: number | undefined): void {
    telling.take(userId, () =>
      store
        .acceptedContacts(userId)
        .then(contacts => {
          const frame = frameOf(userId, lastSeen);
          const seeing = contacts.filter(one => !one.blockedByMe && !one.blockedByThem);
          deliver(seeing.map((one): Delivery => ({ userId: one.userId, frame })));
        })
        .catch((error: unknown) => log.error({ err: error }, 'presence was not told')),
    );
  }

  const frameOf = (userId: UserId, lastSeen: number | undefined) => {
    const state = people.get(userId)?.told ?? 'offline';
    return {
      type: 'presence' as const,
      userId,
      state,
      ...(state === 'offline' && lastSeen !== undefined ? { lastSeen } : {}),
    };
  };

  async function tellOne(reader: UserId, of: UserId): Promise<void> {
    const { accepted, blockedByMe, blockedByThem } = await store.relation(reader, of);
    const sees = accepted && !blockedByMe && !blockedByThem;
    const there = people.has(of);
    const gone = { type: 'presence', userId: of, state: 'offline', ...(there && { lastSeen: clock.now() }) } as const;
    deliver([{ userId: reader, frame: sees ? frameOf(of, undefined) : gone }]);
  }

  return {
    touch,
    present: users =>
      users.flatMap(userId => {
        const told = people.get(userId)?.told;
        return told === undefined ? [] : [{ userId, state: told }];
      }),
    tellAnew: (a, b) => {
      for (const [reader, of] of [
        [a, b],
        [b, a],
      ] as const) {
        telling.take(of, () =>
          tellOne(reader, of).catch((error: unknown) => log.error({ err: error }, 'presence was not told')),
        );
      }
    },
    tick: () => {
      const now = timers.now();
      for (const [userId, at] of lookAt) if (at <= now) touch(userId);
    },
    idle: () => telling.idle(),
  };
}
