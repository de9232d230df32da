import type { ConversationId } from '#protocol/ids';
import { append } from './append.ts';
import type { Collections } from './schemas.ts';
import type { Appended, NewMessage } from '../chat.ts';
import { StoreError } from '../store-error.ts';

/** Most posts that are written at once. */
const GROUP = 64;
/** Most posts that may wait; beyond it a post is refused as `overloaded`, so that memory does not grow. */
const WAITING = 20_000;

type Pending = { post: NewMessage; resolve: (appended: Appended) => void; reject: (error: unknown) => void };

/**
 * The posts of this process, in the order they were asked: those of one conversation that come while a group of it is
 * being written go together into the next one. So a process never races with itself for a place.
 */
export class Posts {
  readonly #kept: Collections;
  readonly #waiting = new Map<ConversationId, Pending[]>();
  #count = 0;

  constructor(kept: Collections) {
    this.#kept = kept;
  }

  /** Resolves once it is durable; rejects with a `StoreError` `overloaded` where too many wait. */
  append(post: NewMessage): Promise<Appended> {
    if (this.#count >= WAITING) {
      return Promise.reject(new StoreError('overloaded', 'MongoDB cannot keep up with what is to be written.'));
    }
    this.#count += 1;
    return new Promise((resolve, reject) => {
      const pending = { post, resolve, reject };
      const queue = this.#waiting.get(post.conversationId);
      if (queue) return void queue.push(pending);
      this.#waiting.set(post.conversationId, [pending]);
      void this.#work(post.conversationId);
    });
  }

  async #work(id: ConversationId): Promise<void> {
    // Those asked in the same turn of the event loop go together.
    await Promise.resolve();
    const queue = this.#waiting.get(id) ?? [];
    while (queue.length > 0) {
      const group = queue.splice(0, GROUP);
      await this.#write(id, group, queue);
      this.#count -= group.length;
    }
    this.#waiting.delete(id);
  }

  async #write(id: ConversationId, group: readonly Pending[], behind: Pending[]): Promise<void> {
    try {
      const answers = await append(
        this.#kept,
        id,
        group.map(({ post }) => post),
      );
      answers.forEach((answer, i) => {
        if (answer instanceof Error) group[i]?.reject(answer);
        else group[i]?.resolve(answer);
      });
    } catch (error) {
      // Those behind would wait as long for nothing, and must not get ahead of what failed.
      const lost = behind.splice(0);
      this.#count -= lost.length;
      for (const { reject } of [...group, ...lost]) reject(error);
    }
  }
}
