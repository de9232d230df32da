import { Service, signal } from '@angular/core';
import { type ConversationId } from '#protocol/ids';

/** What is searched for in the list of chats; a conversation beside it can ask to be searched alone. */
@Service()
export class ChatSearch {
  readonly words = signal('');
  /** The conversation whose messages are searched; undefined for everything. */
  readonly within = signal<ConversationId | undefined>(undefined);
  readonly #wanted = signal(0);
  /** Grows each time somebody wants to type into the search field. */
  readonly wanted = this.#wanted.asReadonly();

  /** Searches one conversation. */
  startIn(conversationId: ConversationId): void {
    this.within.set(conversationId);
    this.#wanted.update(times => times + 1);
  }

  clear(): void {
    this.words.set('');
    this.within.set(undefined);
  }
}
