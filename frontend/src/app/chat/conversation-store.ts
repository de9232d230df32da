import { computed, inject, Service, signal, type WritableSignal } from '@angular/core';
import { takeUntilDestroyed } from '@angular/core/rxjs-interop';
import { Subject, type Observable } from 'rxjs';
import { type Marks } from '#protocol/api/conversations';
import { type RetractedMessage } from '#protocol/chat-frames';
import { groupBy } from '#protocol/group-by';
import { type ConversationId, type MessageId, type UserId } from '#protocol/ids';
import { Account } from '../account/account';
import { LocalDatabase } from '../device/local-database';
import { NOBODY } from '../account/no-id';
import {
  byActivity,
  isEntry,
  keptOr,
  marksOf,
  merged,
  withMarks,
  withMessage,
  withOwnRead,
  withPage,
  withRetracted,
  type Conversation,
  type Entry,
  type Listed,
  type Stored,
} from './conversation';
import { giveWay, partsOf } from '../look/give-way';
import { type Keep } from './arriving';
import { LocalChat } from './local-chat';
import { Gone } from './gone';
import { isBehind, type Range, runOf, without } from './range';
import { Unkept } from './unkept';

/** So many listed conversations are merged in one task. */
const LISTED_AT_ONCE = 100;

/** Whether two are kept alike; where their parts only stand in another order this says no, which costs a drawing. */
const isSame = (a: Conversation, b: Conversation): boolean => JSON.stringify(a) === JSON.stringify(b);

/** A conversation that holds the entries that were listed with it; the same where it did. */
const withRun = (conversation: Conversation, { run }: Listed): Conversation =>
  run ? withPage(conversation, run) : conversation;

/** Messages that have just become part of a conversation on this device. */
export interface Arrival {
  readonly conversationId: ConversationId;
  readonly messages: readonly Stored[];
  /** Heard over the socket, not fetched. */
  readonly live: boolean;
}

/**
 * The conversations of the person who is signed in: what a list draws is in memory, everything is in the local database.
 * The order of what is heard does not matter: messages merge by seq, marks by max.
 */
@Service()
export class ConversationStore {
  readonly #local = inject(LocalChat);
  readonly #account = inject(Account);
  readonly #unkept = inject(Unkept);
  readonly #gone = inject(Gone);
  /** A signal for each: what happens in one conversation is no news to the others. */
  readonly #rows = new Map<ConversationId, WritableSignal<Conversation>>();
  readonly #ids = signal<readonly ConversationId[]>([]);
  readonly #arrivals = new Subject<Arrival>();
  readonly #stored = new Subject<{ readonly conversationId: ConversationId; readonly run: Range }>();
  readonly #forgotten = new Subject<void>();
  readonly #loaded = signal(false);
  /** Lists that are being stored. */
  readonly #keeping = new Set<Promise<unknown>>();
  /** How often what is held was forgotten. */
  #timesForgotten = 0;

  /** Which conversations there are, in no order. */
  readonly ids = this.#ids.asReadonly();
  /** Most recently active first. */
  readonly list = computed(() =>
    this.#ids()
      .flatMap(id => this.find(id) ?? [])
      .sort(byActivity),
  );
  /** Whether the local database has been read: before, an empty list says nothing. */
  readonly loaded = this.#loaded.asReadonly();
  readonly arrivals: Observable<Arrival> = this.#arrivals.asObservable();
  /** Entries that came with the list are in the local database now, where those who draw them read them. */
  readonly stored = this.#stored.asObservable();
  /** Everything fetched is deleted: what draws some of it reads it again. */
  readonly forgotten: Observable<void> = this.#forgotten.asObservable();

  constructor() {
    inject(LocalDatabase)
      .lost.pipe(takeUntilDestroyed())
      .subscribe(() => this.#heldNothing());
  }

  get me(): UserId {
    return this.#account.me()?.id ?? NOBODY;
  }

  /** Reads what this device has kept; what was heard meanwhile stays. */
  async load(): Promise<void> {
    const kept = await this.#local.conversations();
    this.#set(kept.filter(({ id }) => !this.#rows.has(id)));
    this.#loaded.set(true);
  }

  /** One conversation; a template or `computed` that reads it follows its changes. */
  find(id: ConversationId): Conversation | undefined {
    const row = this.#rows.get(id);
    if (row) return row();
    // Followed until it comes.
    this.#ids();
    return undefined;
  }

  isUnread(id: ConversationId): boolean {
    return (this.find(id)?.unread ?? 0) > 0;
  }

  /** The direct conversation with somebody. */
  with(userId: UserId): Conversation | undefined {
    return this.list().find(({ peers }) => peers.length === 1 && peers[0]?.id === userId);
  }

  /**
   * What the server lists: its rows are news at once.
   * @param keep stores it, with the newest entries of some: only then a conversation says that it holds them
   */
  async listed(answered: readonly Listed[], keep: Keep): Promise<void> {
    const news: Listed[] = [];
    for (const part of partsOf(answered, LISTED_AT_ONCE)) {
      news.push(...this.#merge(part));
      await giveWay();
    }
    const keeping = this.#keepListed(news, keep);
    this.#keeping.add(keeping);
    const areStored = await keeping.finally(() => this.#keeping.delete(keeping));
    if (!areStored) return;
    for (const { id, run } of news) if (run) this.#stored.next({ conversationId: id, run });
  }

  /** @returns those that are to be stored */
  #merge(answered: readonly Listed[]): Listed[] {
    const rows = answered.map(one => {
      const before = this.find(one.id);
      const now = merged(before, this.#gone.listed(one, before), this.me);
      // Listed again without a change it is no news to its row.
      return { one, before, now: before && isSame(before, now) ? before : now };
    });
    this.#set(rows.map(({ now }) => now));
    return rows.flatMap(({ one, before, now }) => (now !== before || withRun(now, one) !== now ? one : []));
  }

  /** @returns whether what has come with them is stored */
  async #keepListed(listed: readonly Listed[], keep: Keep): Promise<boolean> {
    const ids = listed.map(({ id }) => id);
    const before = new Map(ids.map(id => [id, this.find(id)]));
    const withRuns = (): Conversation[] =>
      listed.flatMap(one => {
        const now = this.find(one.id);
        return now ? withRun(now, one) : [];
      });
    const after = withRuns();
    const gone = this.#gone.of(ids);
    const times = this.#timesForgotten;
    // Of what was forgotten since, nothing is held, though it may just have been stored.
    const areStored = (await keep(after, gone)) && times === this.#timesForgotten;
    const isNews = ({ id }: Conversation): boolean => this.find(id) !== before.get(id);
    // What was heard while that was stored is stored once more: one of the two has overwritten the other.
    const heard = areStored ? withRuns().filter(isNews) : ids.flatMap(id => this.find(id) ?? []);
    const late = this.#gone.of(ids).filter(place => !gone.includes(place));
    if (areStored) this.#set([...after.filter(one => !isNews(one)), ...heard]);
    if (heard.length + late.length > 0) await this.#local.save(late, heard);
    if (areStored) await this.#showOpened(ids);
    return areStored;
  }

  /** What was opened before has stayed so where it is stored: its row shows it, too. */
  async #showOpened(ids: readonly ConversationId[]): Promise<void> {
    for (const id of ids.filter(one => this.find(one)?.last?.sealed !== undefined)) {
      const [kept] = await this.#local.at(id, [this.find(id)?.last?.seq ?? 0]);
      const now = this.find(id);
      const last = now?.last && keptOr(kept, now.last);
      if (now && last && last !== now.last) await this.#keep(now, { ...now, last });
    }
  }

  /**
   * A live message, or an own one that has its seq now.
   * @param posted the waiting post it was
   * @returns whether the conversation is known, and `behind` where earlier messages are missing
   */
  async heard(arrived: Stored, posted?: MessageId): Promise<'known' | 'behind' | 'unknown'> {
    const stored = await this.#gone.placed(arrived, this.find(arrived.conversationId)?.lastSeq ?? 0);
    const before = this.find(stored.conversationId);
    if (!before) return 'unknown';
    const after = withMessage(before, stored, this.me);
    this.#set([after]);
    this.#arrivals.next({ conversationId: after.id, messages: [stored], live: true });
    await this.#saveMessages([stored], [after], posted);
    return isBehind(after.held, after.lastSeq) ? 'behind' : 'known';
  }

  /**
   * Messages hold nothing any more.
   * @param upTo the number of the last of them, where they were asked for: what the server counts leaves them out already
   * @returns whether the conversation is known, and `stale` where only the server knows what is unread or last now
   */
  async retracted(
    id: ConversationId,
    places: readonly RetractedMessage[],
    upTo?: number,
  ): Promise<'known' | 'stale' | 'unknown'> {
    this.#gone.add(places);
    const before = this.find(id);
    if (!before) return 'unknown';
    const below = await this.#gone.below(before);
    const unread = upTo === undefined ? await this.#gone.unreadAmong(places, before, this.me) : 0;
    const now = this.find(id) ?? before;
    const after = withRetracted(now, places, this.me, { unread: unread ?? 0, last: below ?? null });
    this.#set([after]);
    this.#arrivals.next({ conversationId: id, messages: places, live: upTo === undefined });
    const numbered = upTo === undefined ? {} : { retractions: upTo };
    // Where this fails they are asked for again.
    await this.#local.save(places, [{ ...after, ...numbered }]);
    this.#set([{ ...(this.find(id) ?? after), ...numbered }]);
    return unread === undefined || below === undefined ? 'stale' : 'known';
  }

  /** Entries say now what they did not say when they were stored. */
  async opened(entries: readonly Entry[]): Promise<void> {
    const rows = this.#gone.rows(entries);
    for (const [id, messages] of groupBy(rows, ({ conversationId }) => conversationId)) {
      const now = this.find(id);
      const last = messages.find(({ seq }) => seq === now?.last?.seq);
      const after = now && last && isEntry(last) ? [{ ...now, last }] : [];
      this.#set(after);
      await this.#local.save(messages, after);
      this.#arrivals.next({ conversationId: id, messages, live: false });
    }
  }

  /** A page of messages, without a hole in it. */
  async paged(conversationId: ConversationId, page: readonly Stored[]): Promise<void> {
    const messages = this.#gone.rows(page);
    const before = this.find(conversationId);
    const run = runOf(messages);
    if (!before || !run) return;
    const after = withPage(before, run);
    this.#set([after]);
    await this.#saveMessages(messages, [after]);
    this.#arrivals.next({ conversationId, messages, live: false });
  }

  /** Somebody's marks, this user's own among them. */
  async marked(conversationId: ConversationId, marks: Marks): Promise<void> {
    if (marks.userId === this.me) return this.read(conversationId, marks.read, marks.received);
    const before = this.find(conversationId);
    if (before) await this.#keep(before, withMarks(before, marks));
  }

  /** This user has read up to `read`, here or on another device. */
  async read(conversationId: ConversationId, read: number, received = read): Promise<void> {
    const before = this.find(conversationId);
    if (!before) return;
    const isNews = read > marksOf(before, this.me).read;
    const left = isNews && read < before.lastSeq ? await this.#unreadAbove(before, read) : 0;
    const now = this.find(conversationId) ?? before;
    const after = withMarks(withOwnRead(now, this.me, read, left), { userId: this.me, received, read });
    await this.#keep(now, after);
  }

  /** What is unread above a new mark: on the side of it where there is less to count. */
  async #unreadAbove(before: Conversation, read: number): Promise<number> {
    const { id, held, lastSeq } = before;
    const was = marksOf(before, this.me).read;
    const isHeld = held !== null && held.from <= read + 1 && !isBehind(held, lastSeq);
    if (isHeld && lastSeq - read <= read - was) return this.#local.countOthers(id, read + 1, Infinity, this.me);
    const gone = await this.#local.countOthers(id, was + 1, read, this.me);
    const now = this.find(id) ?? before;
    // Where another device has read what is not here, there is at most what follows.
    return Math.max(0, Math.min(now.unread - gone, now.lastSeq - read));
  }

  /** Counts what is unread where everything above the mark is here. */
  async recount(conversationId: ConversationId): Promise<void> {
    const before = this.find(conversationId);
    if (!before?.held) return;
    const { read } = marksOf(before, this.me);
    if (before.held.from > read + 1 || isBehind(before.held, before.lastSeq)) return;
    const unread = await this.#local.countOthers(conversationId, read + 1, Infinity, this.me);
    const now = this.find(conversationId);
    // What came or was read while counting was counted already, or is the next time.
    const isSame = now?.lastSeq === before.lastSeq && marksOf(now, this.me).read === read;
    if (now && isSame) await this.#keep(now, { ...now, unread });
  }

  /** Forgets everything fetched: the server's store is another one now. */
  async forgetAll(): Promise<void> {
    this.#timesForgotten += 1;
    // What is being stored would else come after it was deleted.
    await Promise.allSettled(this.#keeping);
    this.#gone.clear();
    const emptied = this.list().map(one => ({
      ...one,
      held: null,
      retractions: 0,
      lastSeq: 0,
      last: null,
      marks: [],
      unread: 0,
    }));
    await Promise.all(emptied.map(({ id }) => this.#local.forgetMessages(id)));
    this.#set(emptied);
    this.#forgotten.next();
    await this.#local.saveConversations(emptied);
  }

  /**
   * Messages with their conversations, which say that they are held. Where that fails they are not: a conversation that is
   * kept later would promise what is not there, and it would never be fetched.
   */
  async #saveMessages(rows: readonly Stored[], after: readonly Conversation[], posted?: MessageId): Promise<void> {
    try {
      await this.#local.save(rows, after, posted);
    } catch (error) {
      const letGo = after.map(async ({ id }) => {
        const lost = runOf(rows.filter(({ conversationId }) => conversationId === id));
        const now = this.find(id);
        if (now && lost) await this.#keep(now, { ...now, held: without(now.held, lost) });
      });
      await Promise.all(letGo);
      throw error;
    }
  }

  async #keep(before: Conversation, after: Conversation): Promise<void> {
    if (after === before) return;
    this.#set([after]);
    await this.#unkept.write(`conversation ${after.id}`, () => this.#save(after));
  }

  /** As it is by then: a write that failed is tried again later. */
  async #save({ id }: Conversation): Promise<void> {
    const now = this.find(id);
    if (now) await this.#local.saveConversations([now]);
  }

  /** The local database cannot be read any more: what it held is fetched again where it is looked at. */
  #heldNothing(): void {
    this.#timesForgotten += 1;
    this.#set(this.list().map(one => ({ ...one, held: null })));
    this.#forgotten.next();
  }

  #set(conversations: readonly Conversation[]): void {
    const fresh: ConversationId[] = [];
    for (const one of conversations) {
      const row = this.#rows.get(one.id);
      if (row) row.set(one);
      else {
        this.#rows.set(one.id, signal(one));
        fresh.push(one.id);
      }
    }
    if (fresh.length > 0) this.#ids.update(ids => [...ids, ...fresh]);
  }
}
