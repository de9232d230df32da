import { computed, effect, inject, Injectable } from '@angular/core';
import { groupBy } from '#protocol/group-by';
import { CallLog } from '../call-log/call-log';
import { Badges } from '../look/badges';
import { type Conversation } from './conversation';
import { ConversationStore } from './conversation-store';
import { Drafts } from './drafts';
import { Posts } from './posts';
import { summaryOf, type Summary } from './preview';
import { Typing } from './typing';

/** The rows of the list, latest first: conversations with what waits, was called and is going on in them. */
@Injectable({ providedIn: 'root' })
export class ChatSummaries {
  readonly #store = inject(ConversationStore);
  readonly #posts = inject(Posts);
  readonly #drafts = inject(Drafts);
  readonly #typing = inject(Typing);
  readonly #calls = inject(CallLog);
  readonly #postsOf = computed(() => groupBy(this.#posts.waiting(), post => post.conversationId));

  readonly list = computed(() =>
    this.#store
      .list()
      .map(conversation => this.#summary(conversation))
      .sort((a, b) => b.at - a.at),
  );

  constructor() {
    const badges = inject(Badges);
    effect(() => badges.chats.set(this.#store.list().filter(({ unread }) => unread > 0).length));
  }

  #summary(conversation: Conversation): Summary {
    const { id, peers } = conversation;
    const calls = peers.length === 1 && peers[0] ? this.#calls.with(peers[0].id) : [];
    return summaryOf({
      conversation,
      me: this.#store.me,
      isTyping: this.#typing.in(id) !== undefined,
      draft: this.#drafts.of(id),
      posts: this.#postsOf().get(id) ?? [],
      call: calls[0],
      missed: calls.filter(entry => this.#calls.isNew(entry)).length,
    });
  }
}
