import { inject, Service, signal } from '@angular/core';
import { type ConversationId, type UserId } from '#protocol/ids';
import { Signaling } from '../signaling/signaling';

/** Said again at most this often while somebody types, ms. */
export const SAY_EVERY_MS = 3_000;
/** Shown this long after it was last heard, ms: twice what lies between two, so that one may be lost. */
export const SHOWN_MS = 7_000;

/** Who is typing where, and telling others that one does. Nothing of it outlives a moment. */
@Service()
export class Typing {
  readonly #signaling = inject(Signaling);
  readonly #who = signal<ReadonlyMap<ConversationId, UserId>>(new Map());
  readonly #timers = new Map<ConversationId, ReturnType<typeof setTimeout>>();
  readonly #said = new Map<ConversationId, number>();

  /** Who types in a conversation right now. */
  in(id: ConversationId): UserId | undefined {
    return this.#who().get(id);
  }

  /** This person types; called with every key. */
  say(conversationId: ConversationId, now: number = performance.now()): void {
    if (now - (this.#said.get(conversationId) ?? -Infinity) < SAY_EVERY_MS) return;
    this.#said.set(conversationId, now);
    this.#signaling.send({ type: 'chat.typing', conversationId });
  }

  /** The message went out: what is typed next is said at once. */
  sent(conversationId: ConversationId): void {
    this.#said.delete(conversationId);
  }

  heard(conversationId: ConversationId, who: UserId): void {
    this.#who.update(now => new Map(now).set(conversationId, who));
    clearTimeout(this.#timers.get(conversationId));
    this.#timers.set(
      conversationId,
      setTimeout(() => this.stopped(conversationId, who), SHOWN_MS),
    );
  }

  /** Their message is there, or they have fallen silent. */
  stopped(conversationId: ConversationId, who: UserId): void {
    if (this.#who().get(conversationId) !== who) return;
    clearTimeout(this.#timers.get(conversationId));
    this.#who.update(now => new Map([...now].filter(([id]) => id !== conversationId)));
  }
}
