import { DestroyRef, inject, InjectionToken, Service } from '@angular/core';
import { takeUntilDestroyed } from '@angular/core/rxjs-interop';
import { dataOf, expiryOf, isCounted } from '#protocol/content/kinds';
import {
  answersOf,
  ASK_TYPE,
  askAgain,
  GIVE_TYPE,
  giveAgain,
  MOST_ASKED,
  type AskAgainEvent,
  type GiveAgainEvent,
} from '#protocol/crypto/asking-again';
import { groupBy } from '#protocol/group-by';
import { type ConversationId, type DeviceAddress, type UserId } from '#protocol/ids';
import type { KeptEvent } from '../../../crypto/arrived.ts';
import { Account } from '../account/account';
import { Codec } from '../crypto/codec';
import { OwnKeys } from '../crypto/own-keys';
import { openedAs } from './arrived';
import { isEntry, placeOf, type Entry } from './conversation';
import { ConversationStore } from './conversation-store';
import { LocalChat } from './local-chat';
import { Unopened } from './unopened';

/** So many entries that wait are looked at, the newest. */
const MOST_WAITING = 500;
/** Older ones are not asked for any more, ms. */
const ASKED_FOR_MS = 14 * 24 * 60 * 60_000;
/** One device is asked about one conversation, and answered, no more often than this, ms. */
export const ASKED_EACH_MS = new InjectionToken<number>('how often a device is asked', { factory: () => 60_000 });
/** How often one entry is asked for by one page. */
const MOST_TIMES = 5;

const nameOf = ({ userId, deviceId }: DeviceAddress): string => `${userId} ${deviceId}`;

/** Asks the devices that have written what this one has no key for, once the backup was read, and answers theirs. */
@Service()
export class AskAgain {
  readonly #keys = inject(OwnKeys);
  readonly #codec = inject(Codec);
  readonly #local = inject(LocalChat);
  readonly #store = inject(ConversationStore);
  readonly #account = inject(Account);
  readonly #eachMs = inject(ASKED_EACH_MS);
  /** Conversation and device → when it was asked last. */
  readonly #asked = new Map<string, number>();
  readonly #times = new Map<string, number>();
  readonly #answered = new Map<string, number>();
  #acting: Promise<void> = Promise.resolve();
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor() {
    inject(Unopened)
      .looked.pipe(takeUntilDestroyed())
      .subscribe(() => this.#ask());
    inject(DestroyRef).onDestroy(() => clearTimeout(this.#timer));
    this.#keys.events.pipe(takeUntilDestroyed()).subscribe(events => {
      // What was not acted on comes again with the next catching-up.
      this.#acting = this.#acting.then(() => this.#act(events)).catch(() => undefined);
    });
  }

  #ask(): void {
    // Asked again in a while, and with the next keys.
    this.#askEach().catch(() => undefined);
  }

  async #askEach(): Promise<void> {
    if (this.#keys.state() !== 'own' || !this.#keys.isRestored()) return;
    const now = Date.now();
    const waiting = (await this.#local.waiting(Infinity, MOST_WAITING)).filter(
      entry => entry.sealed !== 'unopened' && entry.at > now - ASKED_FOR_MS && this.#timesOf(entry) < MOST_TIMES,
    );
    const own = this.#account.address();
    const others = waiting.filter(({ author }) => nameOf(author) !== nameOf(own));
    // A device passes over what it is asked too soon, and does not say so.
    clearTimeout(this.#timer);
    if (others.length > 0) this.#timer = setTimeout(() => this.#ask(), this.#eachMs);
    for (const [pair, entries] of groupBy(others, entry => `${entry.conversationId} ${nameOf(entry.author)}`)) {
      const [first] = entries;
      if (!first || now - (this.#asked.get(pair) ?? -Infinity) < this.#eachMs) continue;
      this.#asked.set(pair, now);
      const asked = entries.slice(0, MOST_ASKED);
      const content: AskAgainEvent = {
        version: 1,
        conversationId: first.conversationId,
        ids: asked.map(({ id }) => id),
      };
      // A device that is not there any more cannot be asked.
      await this.#keys.ask('send', { to: first.author, type: ASK_TYPE, content });
      for (const entry of asked) this.#times.set(placeOf(entry), this.#timesOf(entry) + 1);
    }
  }

  #timesOf(entry: Entry): number {
    return this.#times.get(placeOf(entry)) ?? 0;
  }

  async #act(events: readonly KeptEvent[]): Promise<void> {
    for (const { from, type, content } of events) {
      if (type === ASK_TYPE) await this.#answer(from, content);
      if (type === GIVE_TYPE) await this.#take(from, content);
    }
    const last = events.at(-1);
    if (last) await this.#keys.actedOn(last.number);
  }

  /** Only what this person has written, and only to who may read it. */
  async #answer(from: DeviceAddress, content: unknown): Promise<void> {
    const asked = askAgain.safeParse(content);
    const pair = `${asked.data?.conversationId} ${nameOf(from)}`;
    const now = Date.now();
    if (!asked.success || now - (this.#answered.get(pair) ?? -Infinity) < this.#eachMs / 2) return;
    const { conversationId, ids } = asked.data;
    if (!this.#isMember(conversationId, from.userId)) return;
    this.#answered.set(pair, now);
    const found: GiveAgainEvent['entries'] = [];
    for (const id of ids) {
      const entry = await this.#local.entry({ conversationId, authorId: this.#store.me, id });
      if (!entry || !isEntry(entry) || entry.sealed !== undefined) continue;
      const expiresAfterMs = expiryOf(entry.content);
      if (expiresAfterMs === undefined || entry.at + expiresAfterMs > now)
        found.push({ id, data: dataOf(entry.content) });
    }
    for (const entries of answersOf(found))
      await this.#keys.ask('send', {
        to: from,
        type: GIVE_TYPE,
        content: { version: 1, conversationId, entries } satisfies GiveAgainEvent,
      });
  }

  #isMember(conversationId: ConversationId, userId: UserId): boolean {
    const peers = this.#store.find(conversationId)?.peers ?? [];
    return peers.some(({ id }) => id === userId || userId === this.#store.me);
  }

  /** What a device says its person has written counts for that person's entries alone, and only where they cannot be read. */
  async #take(from: DeviceAddress, content: unknown): Promise<void> {
    const given = giveAgain.safeParse(content);
    if (!given.success) return;
    const { conversationId, entries } = given.data;
    const opened: Entry[] = [];
    for (const { id, data } of entries) {
      const entry = await this.#local.entry({ conversationId, authorId: from.userId, id });
      if (!entry || !isEntry(entry) || entry.sealed === undefined) continue;
      const { content: _, sealed: __, waits: ___, ...message } = entry;
      const said = this.#codec.resent(data);
      if (isCounted(said.content) === entry.counts) opened.push(openedAs(message, said));
    }
    if (opened.length > 0) await this.#store.opened(opened);
  }
}
