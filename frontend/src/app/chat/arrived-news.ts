import { DestroyRef, inject, Service, signal } from '@angular/core';
import { takeUntilDestroyed } from '@angular/core/rxjs-interop';
import { type EntryKey, isSameKey, textOf } from '#protocol/content/kinds';
import { type ConversationId } from '#protocol/ids';
import { Words } from '../../i18n/words';
import { type CallNews, type News } from '../call/call-news';
import { Contacts } from '../contacts/contacts';
import { type Entry, isEntry, isRetracted, keyOf } from './conversation';
import { ConversationStore, type Arrival } from './conversation-store';
import { DirectEntries } from './direct-entries';
import { insteadOfWords } from './preview';

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
  #told: EntryKey | null = null;
  #timer: ReturnType<typeof setTimeout> | undefined;

  readonly latest = this.#latest.asReadonly();

  constructor() {
    this.#store.arrivals.pipe(takeUntilDestroyed()).subscribe(arrival => this.#arrived(arrival));
    this.#direct.added.pipe(takeUntilDestroyed()).subscribe(({ content, ...key }) => this.#tell(key, { content }));
    this.#direct.withdrawn.pipe(takeUntilDestroyed()).subscribe(key => this.#takeBack([key]));
    inject(DestroyRef).onDestroy(() => clearTimeout(this.#timer));
  }

  hasUnread(conversationId: ConversationId): boolean {
    return (
      this.#store.isUnread(conversationId) || this.#direct.unseen().some(one => one.conversationId === conversationId)
    );
  }

  #arrived({ messages, live }: Arrival): void {
    this.#takeBack(messages.filter(isRetracted).flatMap(place => keyOf(place) ?? []));
    const [message] = messages;
    if (!live || !message || !isEntry(message) || message.author.userId === this.#store.me) return;
    const key = keyOf(message);
    if (key && !this.#direct.isTold(message)) this.#tell(key, message);
  }

  #takeBack(keys: readonly EntryKey[]): void {
    const told = this.#told;
    if (told && keys.some(key => isSameKey(key, told))) this.#end();
  }

  #tell(key: EntryKey, said: Pick<Entry, 'content' | 'sealed'>): void {
    const { conversationId, authorId } = key;
    this.#told = key;
    const name = this.#contacts.person(authorId)?.displayName ?? this.#words.t('chat.newMessage');
    this.#latest.set({ conversationId, name, text: textOf(said.content) ?? this.#words.t(insteadOfWords(said)) });
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#end(), NEWS_MS);
  }

  #end(): void {
    this.#told = null;
    this.#latest.set(null);
  }
}
