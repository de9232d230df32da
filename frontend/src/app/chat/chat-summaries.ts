import { computed, effect, inject, Service, type Signal } from '@angular/core';
import { groupBy } from '#protocol/group-by';
import { type ConversationId } from '#protocol/ids';
import { CallLog } from '../call-log/call-log';
import { Badges } from '../look/badges';
import { ConversationStore } from './conversation-store';
import { Drafts } from './drafts';
import { type Post } from './post-queue';
import { Posts } from './posts';
import { summaryOf, type Summary } from './preview';
import { Typing } from './typing';

const NO_POSTS: readonly Post[] = [];

/** A row of the list. Each part is a signal of its own, so that a letter typed in one conversation is no news to another. */
interface Row {
  readonly at: Signal<number>;
  readonly summary: Signal<Summary | undefined>;
}

/** The rows of the list, latest first: conversations with what waits, was called and is going on in them. */
@Service()
export class ChatSummaries {
  readonly #store = inject(ConversationStore);
  readonly #posts = inject(Posts);
  readonly #drafts = inject(Drafts);
  readonly #typing = inject(Typing);
  readonly #calls = inject(CallLog);
  readonly #rows = new Map<ConversationId, Row>();
  readonly #postsOf = computed(() => groupBy(this.#posts.waiting(), post => post.conversationId));

  /** Which conversations there are, the latest first. */
  readonly order = computed(
    () =>
      this.#store
        .ids()
        .map(id => ({ id, at: this.#row(id).at() }))
        .sort((a, b) => b.at - a.at)
        .map(({ id }) => id),
    { equal: (a, b) => a.length === b.length && a.every((id, i) => id === b[i]) },
  );
  /** All rows, for a page that shows every conversation at once. */
  readonly list = computed(() => this.order().flatMap(id => this.of(id) ?? []));

  constructor() {
    const badges = inject(Badges);
    const unread = computed(() => this.#store.ids().filter(id => this.#store.isUnread(id)).length);
    effect(() => badges.chats.set(unread()));
  }

  /** One row; undefined for a conversation that is not there. */
  of(id: ConversationId): Summary | undefined {
    return this.#row(id).summary();
  }

  #row(id: ConversationId): Row {
    const known = this.#rows.get(id);
    if (known) return known;
    const conversation = computed(() => this.#store.find(id));
    const calls = computed(() => this.#calls.in(id));
    const posts = computed(() => this.#postsOf().get(id) ?? NO_POSTS, { equal: sameRows });
    const draft = computed(() => this.#drafts.of(id));
    const isTyping = computed(() => this.#typing.in(id) !== undefined);
    const at = computed(() => Math.max(conversation()?.active ?? 0, posts().at(-1)?.at ?? 0, calls()[0]?.at ?? 0));
    const summary = computed(() => {
      const present = conversation();
      if (!present) return undefined;
      return summaryOf({
        conversation: present,
        me: this.#store.me,
        isTyping: isTyping(),
        draft: draft(),
        posts: posts(),
        call: calls()[0],
        missed: calls().filter(entry => this.#calls.isNew(entry)).length,
      });
    });
    const row = { at, summary };
    this.#rows.set(id, row);
    return row;
  }
}

const sameRows = (a: readonly Post[], b: readonly Post[]): boolean =>
  a.length === b.length && a.every((post, i) => post === b[i]);
