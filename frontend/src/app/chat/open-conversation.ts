import { computed, DestroyRef, effect, inject, Injectable, signal, untracked } from '@angular/core';
import { takeUntilDestroyed } from '@angular/core/rxjs-interop';
import { type ConversationId } from '#protocol/ids';
import { ChatSync } from './chat-sync';
import { marksOf, type Stored } from './conversation';
import { ConversationStore, type Arrival } from './conversation-store';
import { LocalChat } from './local-chat';
import { firstLook, mergedBySeq, WINDOW_MOST, WINDOW_PAGE } from './message-window';

/**
 * The conversation that is open on a page: a window of its messages, which grows as one scrolls. Provided by the page.
 */
@Injectable()
export class OpenConversation {
  readonly #store = inject(ConversationStore);
  readonly #local = inject(LocalChat);
  readonly #sync = inject(ChatSync);
  readonly #id = signal<ConversationId>('');
  readonly #messages = signal<readonly Stored[]>([]);
  readonly #atEnd = signal(true);
  readonly #unreadAfter = signal<number | null>(null);
  readonly #isLooked = signal(false);
  #target: number | undefined;
  #loading = false;

  readonly id = this.#id.asReadonly();
  readonly conversation = computed(() => this.#store.find(this.#id()));
  readonly messages = this.#messages.asReadonly();
  /** Whether the window reaches the newest message. */
  readonly atEnd = this.#atEnd.asReadonly();
  /** Whether nothing is older than the window. */
  readonly atStart = computed(() => {
    const conversation = this.conversation();
    if (!conversation) return false;
    return conversation.lastSeq === 0 || (this.#messages()[0]?.seq ?? Infinity) <= 1;
  });
  /** The read mark when the conversation was opened, where something was unread. */
  readonly unreadAfter = this.#unreadAfter.asReadonly();
  /** Whether the first messages are there, or there are none. */
  readonly ready = computed(() => this.#isLooked() && this.conversation() !== undefined);

  constructor() {
    const destroyed = inject(DestroyRef);
    this.#store.arrivals.pipe(takeUntilDestroyed(destroyed)).subscribe(arrival => this.#arrived(arrival));
    this.#store.forgotten.pipe(takeUntilDestroyed(destroyed)).subscribe(() => this.open(this.#id()));
    // A conversation nothing is held of yet is looked into once its newest page has come.
    effect(() => {
      const conversation = this.conversation();
      if (!conversation || this.#isLooked()) return;
      if (conversation.held || conversation.lastSeq === 0) untracked(() => void this.#look());
      else untracked(() => void this.#sync.catchUp(conversation.id));
    });
  }

  /** @param seq the message to open at; without it the first unread one, else the end */
  open(id: ConversationId, seq?: number): void {
    this.#id.set(id);
    this.#target = seq;
    this.#messages.set([]);
    this.#atEnd.set(true);
    this.#unreadAfter.set(null);
    this.#isLooked.set(false);
  }

  async #look(): Promise<void> {
    const conversation = this.conversation();
    if (!conversation) return;
    const { id, held, unread } = conversation;
    const { read } = marksOf(conversation, this.#store.me);
    if (held) {
      const target = this.#target;
      const look = target === undefined ? firstLook(held, read, unread) : firstLook(held, target - 1, 1);
      const found = await this.#local.between(id, look.from, look.to === held.to ? Infinity : look.to);
      if (this.#id() !== id) return;
      this.#messages.update(now => mergedBySeq(now, found));
      this.#atEnd.set(look.to === held.to);
    }
    this.#unreadAfter.set(unread > 0 ? read : null);
    this.#isLooked.set(true);
  }

  /** Shows what is older; asks the server where this device does not hold it. */
  async older(): Promise<void> {
    const first = this.#messages()[0]?.seq;
    if (first === undefined || first <= 1) return;
    await this.#once(async id => {
      let held = this.#store.find(id)?.held;
      if (held && held.from >= first && !(await this.#sync.older(id))) return;
      held = this.#store.find(id)?.held;
      if (!held || held.from >= first) return;
      this.#merge(id, await this.#local.between(id, held.from, first - 1, WINDOW_PAGE));
      if (this.#messages().length <= WINDOW_MOST) return;
      this.#messages.update(now => now.slice(0, WINDOW_MOST));
      this.#atEnd.set(false);
    });
  }

  /** Shows what is newer, where the window does not reach the end. */
  async newer(): Promise<void> {
    const last = this.#messages().at(-1)?.seq;
    if (last === undefined || this.#atEnd()) return;
    await this.#once(async id => {
      const to = last + WINDOW_PAGE;
      const found = await this.#local.between(id, last + 1, to);
      this.#merge(id, found);
      this.#messages.update(now => now.slice(-WINDOW_MOST));
      if (to >= (this.#store.find(id)?.held?.to ?? 0)) this.#atEnd.set(true);
    });
  }

  /** Shows the newest messages, leaving those far above. */
  async toEnd(): Promise<void> {
    const id = this.#id();
    const held = this.#store.find(id)?.held;
    if (!held || (this.#atEnd() && this.#messages().length <= WINDOW_MOST)) return;
    const found = await this.#local.between(id, held.to - WINDOW_PAGE + 1, Infinity);
    if (this.#id() !== id) return;
    this.#messages.set(found);
    this.#atEnd.set(true);
  }

  async #once(load: (id: ConversationId) => Promise<void>): Promise<void> {
    if (this.#loading) return;
    this.#loading = true;
    try {
      await load(this.#id());
    } finally {
      this.#loading = false;
    }
  }

  #merge(id: ConversationId, found: readonly Stored[]): void {
    if (this.#id() === id) this.#messages.update(now => mergedBySeq(now, found));
  }

  #arrived({ conversationId, messages }: Arrival): void {
    if (conversationId !== this.#id() || !this.#atEnd() || !this.#isLooked()) return;
    const first = this.#messages()[0]?.seq ?? 0;
    this.#merge(
      conversationId,
      messages.filter(({ seq }) => seq > first),
    );
  }
}
