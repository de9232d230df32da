import type { ConversationId } from '#protocol/ids';
import type { Store } from '../store/store.ts';
import type { Timers } from '../timers.ts';
import type { Room } from './audience.ts';

/** Most conversations in the cache; the one read longest ago is dropped first. */
const MOST = 5_000;
/** A conversation is read again after this long, in ms, also when no change was reported. */
const AGAIN_MS = 60_000;

export type RoomsDeps = {
  store: Pick<Store, 'conversation'>;
  timers: Timers;
  /** Whether changes that other processes make are heard of. */
  isTold: () => boolean;
};

/**
 * Conversations as they were read last, until something changes them. Only what is checked once more when it is written, by
 * the revision, and what is true for a moment alone may be decided by them.
 */
export class Rooms {
  readonly #kept = new Map<ConversationId, { room: Promise<Room | null>; until: number }>();
  readonly #deps: RoomsDeps;

  constructor(deps: RoomsDeps) {
    this.#deps = deps;
  }

  /** @returns the conversation, and whether it was read just now */
  async known(id: ConversationId): Promise<{ room: Room | null; isFresh: boolean }> {
    const kept = this.#deps.isTold() ? this.#kept.get(id) : undefined;
    if (kept && kept.until > this.#deps.timers.now()) return { room: await kept.room, isFresh: false };
    return { room: await this.read(id), isFresh: true };
  }

  /** Reads it from the store, for those who ask next, too. */
  read(id: ConversationId): Promise<Room | null> {
    const { store, timers } = this.#deps;
    const room = store.conversation(id);
    this.#kept.delete(id);
    this.#kept.set(id, { room, until: timers.now() + AGAIN_MS });
    room.catch(() => {
      if (this.#kept.get(id)?.room === room) this.#kept.delete(id);
    });
    const [oldest] = this.#kept.keys();
    if (this.#kept.size > MOST && oldest !== undefined) this.#kept.delete(oldest);
    return room;
  }

  /** It has changed: what is being read just now may be what it was. */
  forget(id: ConversationId): void {
    this.#kept.delete(id);
  }

  /** Some of them may have changed unheard. */
  clear(): void {
    this.#kept.clear();
  }
}
