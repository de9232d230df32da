import { DestroyRef, inject, Service, signal } from '@angular/core';
import { takeUntilDestroyed } from '@angular/core/rxjs-interop';
import { type Content, textOf } from '#protocol/content/kinds';
import { type ConversationId, type UserId } from '#protocol/ids';
import { Words } from '../../i18n/words';
import { type CallNews, type News } from '../call/call-news';
import { Contacts } from '../contacts/contacts';
import { type Entry, isEntry, isRetracted } from './conversation';
import { ConversationStore, type Arrival } from './conversation-store';
import { DirectEntries } from './direct-entries';

/** How long a message is news, ms. */
const NEWS_MS = 5_000;

/** The message that has just come, for a stage that lies over the conversations. */
@Service()
export class ArrivedNews implements CallNews {
  readonly #store = inject(ConversationStore);
  readonly #contacts = inject(Contacts);
  readonly #words = inject(Words);
  readonly #direct = inject(DirectEntries);
  readonly #latest = signal<News | null>(null);
  /** The message that is the latest news. */
  #told: Entry | null = null;
  #timer: ReturnType<typeof setTimeout> | undefined;

  readonly latest = this.#latest.asReadonly();

  constructor() {
    this.#store.arrivals.pipe(takeUntilDestroyed()).subscribe(arrival => this.#arrived(arrival));
    this.#direct.added
      .pipe(takeUntilDestroyed())
      .subscribe(({ conversationId, authorId, content }) => this.#tell(conversationId, authorId, content, null));
    inject(DestroyRef).onDestroy(() => clearTimeout(this.#timer));
  }

  hasUnread(conversationId: ConversationId): boolean {
    return this.#store.isUnread(conversationId) || this.#direct.unseen().includes(conversationId);
  }

  #arrived({ conversationId, messages, live }: Arrival): void {
    const [message] = messages;
    const told = this.#told;
    if (
      told &&
      messages.some(one => isRetracted(one) && one.seq === told.seq && conversationId === told.conversationId)
    )
      this.#end();
    if (!live || !message || !isEntry(message) || message.author.userId === this.#store.me) return;
    this.#tell(conversationId, message.author.userId, message.content, message);
  }

  #tell(conversationId: ConversationId, authorId: UserId, content: Content, told: Entry | null): void {
    this.#told = told;
    const name = this.#contacts.person(authorId)?.displayName ?? this.#words.t('chat.newMessage');
    this.#latest.set({ conversationId, name, text: textOf(content) ?? this.#words.t('chat.newer') });
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#end(), NEWS_MS);
  }

  #end(): void {
    this.#told = null;
    this.#latest.set(null);
  }
}
