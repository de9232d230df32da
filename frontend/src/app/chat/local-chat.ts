import { inject, Injectable } from '@angular/core';
import { type Message } from '#protocol/chat-frames';
import { type ConversationId, type MessageId, type UserId } from '#protocol/ids';
import { LocalDatabase } from '../account/local-database';
import { isMessage, type Conversation, type Stored } from './conversation';
import { type Post } from './post-queue';

/** How many messages search reads at once. */
const SEARCH_BATCH = 1000;

interface Draft {
  readonly conversationId: ConversationId;
  readonly text: string;
}

type Fact =
  { readonly name: 'epoch'; readonly value: string } | { readonly name: 'sent'; readonly value: readonly Message[] };

/** The conversations in the local database. Every write is one transaction: a page that is closed leaves no half. */
@Injectable({ providedIn: 'root' })
export class LocalChat {
  readonly #db = inject(LocalDatabase);

  get #conversations() {
    return this.#db.table<Conversation, ConversationId>('conversations');
  }
  get #messages() {
    return this.#db.table<Stored, [ConversationId, number]>('messages');
  }
  get #posts() {
    return this.#db.table<Post, MessageId>('posts');
  }
  get #drafts() {
    return this.#db.table<Draft, ConversationId>('drafts');
  }
  get #facts() {
    return this.#db.table<Fact, Fact['name']>('chatFacts');
  }

  conversations(): Promise<Conversation[]> {
    return this.#conversations.toArray();
  }

  async saveConversations(conversations: readonly Conversation[]): Promise<void> {
    await this.#conversations.bulkPut(conversations);
  }

  /**
   * Messages, with the conversation as they leave it.
   * @param posted the waiting post that one of them was
   */
  async save(messages: readonly Stored[], conversation: Conversation, posted?: MessageId): Promise<void> {
    await this.#db.transaction(['messages', 'conversations', 'posts'], async () => {
      await this.#messages.bulkPut(messages);
      await this.#conversations.put(conversation);
      if (posted !== undefined) await this.#posts.delete(posted);
    });
  }

  /** What is kept of a conversation between two seqs, both included, ascending; `last` takes only that many from the end. */
  async between(conversationId: ConversationId, from: number, to: number, last = Infinity): Promise<Stored[]> {
    const found = this.#messages
      .where('[conversationId+seq]')
      .between([conversationId, from], [conversationId, to], true, true);
    if (last === Infinity) return found.toArray();
    return (await found.reverse().limit(last).toArray()).reverse();
  }

  /** How many messages of others are kept between two seqs, both included. */
  async countOthers(conversationId: ConversationId, from: number, to: number, me: UserId): Promise<number> {
    const kept = await this.between(conversationId, from, to);
    return kept.filter(stored => isMessage(stored) && stored.senderId !== me).length;
  }

  /** What is kept of one person's messages of a conversation, ascending. */
  async ownOf(conversationId: ConversationId, me: UserId): Promise<Message[]> {
    const all = await this.between(conversationId, 0, Infinity);
    return all.filter(isMessage).filter(({ senderId }) => senderId === me);
  }

  /** Forgets what is kept of a conversation, to be fetched anew. */
  async forgetMessages(conversationId: ConversationId): Promise<void> {
    await this.#messages
      .where('[conversationId+seq]')
      .between([conversationId, 0], [conversationId, Infinity])
      .delete();
  }

  /** The newest messages for which `matches` is true, at most `most`. */
  async search(matches: (message: Message) => boolean, most: number): Promise<Message[]> {
    const found: Message[] = [];
    for (let skip = 0; found.length < most; skip += SEARCH_BATCH) {
      const batch = await this.#messages.orderBy('at').reverse().offset(skip).limit(SEARCH_BATCH).toArray();
      found.push(...batch.filter(isMessage).filter(matches));
      if (batch.length < SEARCH_BATCH) break;
    }
    return found.slice(0, most);
  }

  posts(): Promise<Post[]> {
    return this.#posts.orderBy('order').toArray();
  }

  async keepPost(post: Post): Promise<void> {
    await this.#posts.put(post);
  }

  async forgetPost(id: MessageId): Promise<void> {
    await this.#posts.delete(id);
  }

  async drafts(): Promise<Map<ConversationId, string>> {
    return new Map((await this.#drafts.toArray()).map(({ conversationId, text }) => [conversationId, text]));
  }

  async saveDraft(conversationId: ConversationId, text: string): Promise<void> {
    await (text ? this.#drafts.put({ conversationId, text }) : this.#drafts.delete(conversationId));
  }

  /** The epoch of the store these conversations came from. */
  async epoch(): Promise<string | undefined> {
    const fact = await this.#facts.get('epoch');
    return fact?.name === 'epoch' ? fact.value : undefined;
  }

  async saveEpoch(value: string): Promise<void> {
    await this.#facts.put({ name: 'epoch', value });
  }

  /** What this person had sent to a store that was then replaced, until it has been looked for in the new one. */
  async sent(): Promise<readonly Message[]> {
    const fact = await this.#facts.get('sent');
    return fact?.name === 'sent' ? fact.value : [];
  }

  async saveSent(value: readonly Message[]): Promise<void> {
    await (value.length > 0 ? this.#facts.put({ name: 'sent', value }) : this.#facts.delete('sent'));
  }
}
