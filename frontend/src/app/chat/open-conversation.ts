import { computed, DestroyRef, effect, inject, Injectable, signal, untracked } from '@angular/core';
import { takeUntilDestroyed } from '@angular/core/rxjs-interop';
import { type ConversationId } from '#protocol/ids';
import { NO_CONVERSATION } from '../account/no-id';
import { Signaling } from '../signaling/signaling';
import { ChatSync } from './chat-sync';
import { marksOf, type Conversation, type Stored } from './conversation';
import { ConversationStore } from './conversation-store';
import { type Range } from './range';
import { MessagePages } from './message-pages';
import { drawnOf, EMPTY_WINDOW, WINDOW_ABOVE, WINDOW_PAGE, withArrival, withNewer, withOlder } from './message-window';

/**
 * The conversation that is open on a page: a window of its messages, which grows as one scrolls. Provided by the page.
 */
@Injectable()
export class OpenConversation {
  readonly #store = inject(ConversationStore);
  readonly #pages = inject(MessagePages);
  readonly #sync = inject(ChatSync);
  readonly #signaling = inject(Signaling);
  readonly #id = signal(NO_CONVERSATION);
  readonly #window = signal(EMPTY_WINDOW);
  readonly #unreadAfter = signal<number | null>(null);
  readonly #isLooked = signal(false);
  #target: number | undefined;
  readonly #turn = signal(0);
  /** The opening that is being looked up. */
  #looking = -1;
  #loading = false;

  readonly id = this.#id.asReadonly();
  /** Which opening this is: each has its own place and its own reading. */
  readonly turn = this.#turn.asReadonly();
  readonly conversation = computed(() => this.#store.find(this.#id()));
  readonly messages = computed(() => drawnOf(this.#window()));
  /** Whether the window reaches the newest message. */
  readonly atEnd = computed(() => this.#window().atEnd);
  /** Whether nothing is older than the window. */
  readonly atStart = computed(() => {
    const conversation = this.conversation();
    if (!conversation) return false;
    return conversation.lastSeq === 0 || (this.messages()[0]?.seq ?? Infinity) <= 1;
  });
  /** The read mark when the conversation was opened, where something was unread. */
  readonly unreadAfter = this.#unreadAfter.asReadonly();
  /** Up to here nothing is unread. */
  readonly readUpTo = computed(() => {
    const conversation = this.conversation();
    if (!conversation) return 0;
    return conversation.unread === 0 ? conversation.lastSeq : marksOf(conversation, this.#store.me).read;
  });
  /** Whether the first messages are there, or there are none. */
  readonly ready = computed(() => this.#isLooked() && this.conversation() !== undefined);

  constructor() {
    const destroyed = inject(DestroyRef);
    this.#store.arrivals.pipe(takeUntilDestroyed(destroyed)).subscribe(({ conversationId, messages }) => {
      if (conversationId === this.#id() && this.#isLooked()) this.#window.update(now => withArrival(now, messages));
    });
    this.#store.stored
      .pipe(takeUntilDestroyed(destroyed))
      .subscribe(({ conversationId, run }) => void this.#stored(conversationId, run));
    this.#store.forgotten.pipe(takeUntilDestroyed(destroyed)).subscribe(() => this.open(this.#id()));
    // A conversation nothing is held of yet is looked into once its newest page has come.
    effect(() => {
      const conversation = this.conversation();
      if (!conversation || this.#isLooked()) return;
      if (conversation.held || conversation.lastSeq === 0) untracked(() => void this.#look());
      // What is looked at does not wait for the background to come to it.
      untracked(() => void this.#sync.catchUp(conversation.id));
    });
  }

  /** @param seq the message to open at; without it the first unread one, else the end */
  open(id: ConversationId, seq?: number): void {
    this.#turn.update(turn => turn + 1);
    this.#id.set(id);
    this.#target = seq;
    this.#window.set(EMPTY_WINDOW);
    this.#unreadAfter.set(null);
    this.#isLooked.set(false);
  }

  /** Entries that came with the list. */
  async #stored(id: ConversationId, run: Range): Promise<void> {
    const turn = this.#turn();
    if (id !== this.#id() || !this.#isLooked()) return;
    const messages = await this.#pages.kept(id, run);
    if (this.#turn() === turn) this.#window.update(now => withArrival(now, messages));
  }

  async #look(): Promise<void> {
    const conversation = this.conversation();
    const turn = this.#turn();
    if (!conversation || this.#looking === turn) return;
    this.#looking = turn;
    const page = await this.#opening(conversation);
    if (this.#turn() !== turn) return;
    // What has come meanwhile is not in it: then it does not reach the end.
    this.#window.set(withNewer(EMPTY_WINDOW, page, this.#newestAfter(page)));
    this.#unreadAfter.set(conversation.unread > 0 ? marksOf(conversation, this.#store.me).read : null);
    this.#isLooked.set(true);
  }

  /** Around the message that is asked for, else the first unread one; the end where there is none, or it is out of reach. */
  async #opening(conversation: Conversation): Promise<readonly Stored[]> {
    const { id, held, lastSeq, unread } = conversation;
    const { read } = marksOf(conversation, this.#store.me);
    // Without a server, what this device holds is shown at once.
    const isLive = this.#signaling.status().is === 'live';
    const isInReach = (seq: number): boolean => isLive || (held !== null && held.from <= seq && seq <= held.to);
    const isUnreadInReach = unread > 0 && isInReach(read + 1);
    const unreadAt = isUnreadInReach ? await this.#pages.firstOfOthers(id, read, this.#store.me) : undefined;
    const asked = this.#target ?? unreadAt;
    const at = asked !== undefined && isInReach(asked) ? asked : undefined;
    const end = held?.to ?? lastSeq;
    // No less than a page, where there is one.
    const first = isLive || held === null ? 0 : held.from - 1;
    const after = at === undefined ? undefined : Math.max(first, Math.min(at - WINDOW_ABOVE - 1, end - WINDOW_PAGE));
    const around = after === undefined ? undefined : await this.#pages.after(id, after);
    return around ?? (end > 0 ? await this.#pages.before(id, end + 1) : undefined) ?? [];
  }

  /** Shows what is older; asks the server where this device does not hold it. */
  async older(): Promise<void> {
    const first = this.#window().messages[0]?.seq;
    if (first === undefined || first <= 1) return;
    await this.#once(async id => {
      const page = await this.#pages.before(id, first);
      if (page && this.#id() === id) this.#window.update(now => withOlder(now, page));
    });
  }

  /** Shows what is newer, where the window does not reach the end. */
  async newer(): Promise<void> {
    const last = this.#window().messages.at(-1)?.seq;
    if (last === undefined || this.atEnd()) return;
    await this.#once(async id => {
      const page = await this.#pages.after(id, last);
      if (!page || this.#id() !== id) return;
      this.#window.update(now => withNewer(now, page, this.#newestAfter(page)));
    });
  }

  /** Shows the newest messages, leaving those far above. */
  async toEnd(): Promise<void> {
    const id = this.#id();
    const held = this.conversation()?.held;
    if (!held || this.atEnd()) return;
    const page = await this.#pages.before(id, held.to + 1);
    if (!page || this.#id() !== id) return;
    this.#window.set(withNewer(EMPTY_WINDOW, page, this.#newestAfter(page)));
  }

  /** Where the conversation ends, as far as this device can show it: what is missing behind that comes by itself. */
  #newestAfter(page: readonly Stored[]): number {
    const { held, lastSeq } = this.conversation() ?? { held: null, lastSeq: 0 };
    return held && (page.at(-1)?.seq ?? 0) <= held.to ? held.to : lastSeq;
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
}
