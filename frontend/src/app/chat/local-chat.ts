import { inject, Service } from '@angular/core';
import { type EntryKey } from '#protocol/content/kinds';
import { type ConversationId, type MessageId, type UserId } from '#protocol/ids';
import { LocalDatabase } from '../device/local-database';
import { type OpenTables } from '../device/local-tables';
import { isEntry, keptOr, type Conversation, type Entry, type Stored } from './conversation';
import { type DirectEntry } from './direct-entry';
import { type Post } from './post-queue';

/** How many messages search reads at once. */
const SEARCH_BATCH = 1000;

interface Draft {
  readonly conversationId: ConversationId;
  readonly text: string;
}

type Fact =
  { readonly name: 'epoch'; readonly value: string } | { readonly name: 'sent'; readonly value: readonly Entry[] };

/** A waiting message's conversation, a draft and so on: the tables of chat-tables.ts with their rows. */
const tablesOf = (db: OpenTables) => ({
  conversations: db.table<Conversation, ConversationId>('conversations'),
  messages: db.table<Stored, [ConversationId, number]>('messages'),
  posts: db.table<Post, MessageId>('posts'),
  drafts: db.table<Draft, ConversationId>('drafts'),
  direct: db.table<DirectEntry, [ConversationId, UserId, MessageId]>('directEntries'),
  facts: db.table<Fact, Fact['name']>('chatFacts'),
});
type ChatTables = ReturnType<typeof tablesOf>;

/** The primary key of a message. */
const PLACE = '[conversationId+seq]';
/** An entry's key as an index. */
const KEY = '[conversationId+author.userId+id]';
/** Above every id of a message. */
const LAST_ID = '\uffff';

/** The conversations in the local database. Every write is one transaction: a page that is closed leaves no half. */
@Service()
export class LocalChat {
  readonly #db = inject(LocalDatabase);

  #use<T>(act: (tables: ChatTables) => Promise<T>): Promise<T> {
    return this.#db.use(db => act(tablesOf(db)));
  }

  /** The name of the database, for the data worker; undefined where there is none. */
  keptAs(): Promise<string | undefined> {
    return this.#db.keptAs();
  }

  conversations(): Promise<Conversation[]> {
    return this.#use(({ conversations }) => conversations.toArray());
  }

  async saveConversations(rows: readonly Conversation[]): Promise<void> {
    await this.#use(({ conversations }) => conversations.bulkPut(rows));
  }

  /**
   * Messages, with the conversations as they leave them. What was opened before stays so.
   * @param posted the waiting post that one of them was
   */
  async save(rows: readonly Stored[], after: readonly Conversation[], posted?: MessageId): Promise<void> {
    await this.#db.use(db =>
      db.transaction(['messages', 'conversations', 'posts'], async () => {
        const { messages, conversations, posts } = tablesOf(db);
        await messages.bulkPut(await Promise.all(rows.map(row => this.#keptOr(messages, row))));
        await conversations.bulkPut(after);
        if (posted !== undefined) await posts.delete(posted);
      }),
    );
  }

  async #keptOr(messages: ChatTables['messages'], row: Stored): Promise<Stored> {
    if (!isEntry(row) || row.sealed === undefined) return row;
    return keptOr(await messages.get([row.conversationId, row.seq]), row);
  }

  /** What is kept at some places of a conversation, in their order; undefined where nothing is. */
  at(id: ConversationId, seqs: readonly number[]): Promise<(Stored | undefined)[]> {
    return this.#use(({ messages }) => Promise.all(seqs.map(seq => messages.get([id, seq]))));
  }

  /** The newest kept message between two seqs, both included, that counts; undefined where there is none. */
  async lastCounting(id: ConversationId, from: number, to: number): Promise<Entry | undefined> {
    for (let end = to; end >= from; end -= SEARCH_BATCH) {
      const kept = await this.between(id, Math.max(from, end - SEARCH_BATCH + 1), end);
      const found = kept.filter(isEntry).findLast(({ counts }) => counts);
      if (found) return found;
    }
    return undefined;
  }

  /** What is kept of a conversation between two seqs, both included, ascending; `last` takes only that many from the end. */
  async between(id: ConversationId, from: number, to: number, last = Infinity): Promise<Stored[]> {
    const cut = last === Infinity ? {} : { reverse: true, limit: last };
    const found = await this.#use(({ messages }) => messages.between(PLACE, [id, from], [id, to], cut));
    return last === Infinity ? found : found.reverse();
  }

  /** How many messages of others that count are kept between two seqs, both included. */
  async countOthers(conversationId: ConversationId, from: number, to: number, me: UserId): Promise<number> {
    const kept = await this.between(conversationId, from, to);
    return kept.filter(stored => isEntry(stored) && stored.counts && stored.author.userId !== me).length;
  }

  /** What is kept of one person's messages of a conversation, ascending. */
  async ownOf(conversationId: ConversationId, me: UserId): Promise<Entry[]> {
    const [from, to] = [[conversationId, me, ''] as const, [conversationId, me, LAST_ID] as const];
    const own = await this.#use(({ messages }) => messages.between(KEY, from, to));
    return own.filter(isEntry).sort((a, b) => a.seq - b.seq);
  }

  /** What is kept under a key: the entry, or its place where it was retracted. */
  async entry({ conversationId, authorId, id }: EntryKey): Promise<Stored | undefined> {
    const key = [conversationId, authorId, id] as const;
    return (await this.#use(({ messages }) => messages.between(KEY, key, key, { limit: 1 })))[0];
  }

  /** Whether the entry of this key is kept, or its place where it was retracted. */
  async has(key: EntryKey): Promise<boolean> {
    return (await this.entry(key)) !== undefined;
  }

  /** Forgets what is kept of a conversation, to be fetched again. */
  async forgetMessages(id: ConversationId): Promise<void> {
    await this.#use(({ messages }) => messages.deleteBetween(PLACE, [id, 0], [id, Infinity]));
  }

  /** The newest messages for which `matches` is true, at most `most`. */
  async search(matches: (message: Entry) => boolean, most: number): Promise<Entry[]> {
    const found: Entry[] = [];
    for (let offset = 0; found.length < most; offset += SEARCH_BATCH) {
      const cut = { reverse: true, offset, limit: SEARCH_BATCH };
      const batch = await this.#use(({ messages }) => messages.ordered('at', cut));
      found.push(...batch.filter(isEntry).filter(matches));
      if (batch.length < SEARCH_BATCH) break;
    }
    return found.slice(0, most);
  }

  /** Entries that wait for their keys, the newest first, none written later than `at`. */
  waiting(at: number, most: number): Promise<Entry[]> {
    return this.#use(async ({ messages }) =>
      (await messages.between('waits', 0, at, { reverse: true, limit: most })).filter(isEntry),
    );
  }

  posts(): Promise<Post[]> {
    return this.#use(({ posts }) => posts.ordered('order'));
  }

  async keepPost(post: Post): Promise<void> {
    await this.#use(({ posts }) => posts.put(post));
  }

  async forgetPost(id: MessageId): Promise<void> {
    await this.#use(({ posts }) => posts.delete(id));
  }

  /** What other devices have handed over in a call. */
  direct(): Promise<DirectEntry[]> {
    return this.#use(({ direct }) => direct.toArray());
  }

  async keepDirect(entry: DirectEntry): Promise<void> {
    await this.#use(({ direct }) => direct.put(entry));
  }

  async forgetDirect({ conversationId, authorId, id }: EntryKey): Promise<void> {
    await this.#use(({ direct }) => direct.delete([conversationId, authorId, id]));
  }

  async drafts(): Promise<Map<ConversationId, string>> {
    const kept = await this.#use(({ drafts }) => drafts.toArray());
    return new Map(kept.map(({ conversationId, text }) => [conversationId, text]));
  }

  async saveDraft(conversationId: ConversationId, text: string): Promise<void> {
    await this.#use(({ drafts }) => (text ? drafts.put({ conversationId, text }) : drafts.delete(conversationId)));
  }

  /** The epoch of the store these conversations came from. */
  async epoch(): Promise<string | undefined> {
    const fact = await this.#use(({ facts }) => facts.get('epoch'));
    return fact?.name === 'epoch' ? fact.value : undefined;
  }

  async saveEpoch(value: string): Promise<void> {
    await this.#use(({ facts }) => facts.put({ name: 'epoch', value }));
  }

  /** What this person had sent to a store that was then replaced, until it has been looked for in the new one. */
  async sent(): Promise<readonly Entry[]> {
    const fact = await this.#use(({ facts }) => facts.get('sent'));
    return fact?.name === 'sent' ? fact.value : [];
  }

  async saveSent(value: readonly Entry[]): Promise<void> {
    await this.#use(({ facts }) => (value.length > 0 ? facts.put({ name: 'sent', value }) : facts.delete('sent')));
  }
}
