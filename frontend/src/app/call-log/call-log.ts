import { computed, effect, inject, Service, signal } from '@angular/core';
import { takeUntilDestroyed } from '@angular/core/rxjs-interop';
import { callLog, type CallEntry } from '#protocol/api/calls';
import { groupBy } from '#protocol/group-by';
import { type CallId, type ConversationId, type UserId } from '#protocol/ids';
import { Api } from '../account/api';
import { LocalDatabase } from '../device/local-database';
import { Badges } from '../look/badges';
import { once } from '../look/once';
import { Signaling } from '../signaling/signaling';
import { isMissed, mergedEntries } from './call-entries';

/** How many calls one look at the log fetches, and how many are kept for a start without a server. */
const PAGE = 50;

/** An entry as this device keeps it. */
type KeptEntry = CallEntry & { readonly seenHere?: boolean };

/** The calls of the person who is signed in, newest first, and which of them were missed. */
@Service()
export class CallLog {
  readonly #api = inject(Api);
  readonly #local = inject(LocalDatabase);
  readonly #signaling = inject(Signaling);
  readonly #entries = signal<readonly CallEntry[]>([]);
  /** As the server counts them: above the mark. */
  readonly #missed = signal(0);
  readonly #seen = signal(0);
  /** Missed calls above the mark whose lines were seen on this device, in a conversation. */
  readonly #seenHere = signal<ReadonlySet<CallId>>(new Set());
  readonly #next = signal<string | undefined>(undefined);
  readonly #loaded = signal(false);
  readonly #start = once(() => this.#load());

  /** Newest first. */
  readonly entries = this.#entries.asReadonly();
  /** Missed calls nobody has looked at yet, on any device. */
  readonly missed = computed(() => Math.max(0, this.#missed() - this.#seenHere().size));
  /** Calls up to this position were seen. */
  readonly seen = this.#seen.asReadonly();
  /** Whether anything was read, from this device or the server: before, an empty log says nothing. */
  readonly loaded = this.#loaded.asReadonly();
  /** Whether the server has older calls. */
  readonly hasMore = computed(() => this.#next() !== undefined);
  readonly #byConversation = computed(() => groupBy(this.#entries(), entry => entry.conversationId));

  constructor() {
    const badges = inject(Badges);
    effect(() => badges.calls.set(this.missed()));
    this.#signaling.frames.pipe(takeUntilDestroyed()).subscribe(frame => {
      const isNews = frame.type === 'calls.changed' || (frame.type === 'welcome' && frame.how !== 'resumed');
      if (isNews) void this.refresh();
    });
  }

  /** Reads what this device has kept; where that fails, the next one who asks tries again. */
  start(): Promise<void> {
    return this.#start().catch(() => undefined);
  }

  /** The calls of a conversation, newest first. */
  in(conversationId: ConversationId): readonly CallEntry[] {
    return this.#byConversation().get(conversationId) ?? [];
  }

  find(callId: CallId): CallEntry | undefined {
    return this.#entries().find(entry => entry.callId === callId);
  }

  /** Whether a call of this person was missed within the last `withinMs`. */
  hasMissed(userId: UserId, withinMs: number): boolean {
    const since = Date.now() - withinMs;
    return this.#entries().some(
      entry => isMissed(entry) && entry.at >= since && entry.others.some(({ id }) => id === userId),
    );
  }

  /** Whether a call stands among those nobody has looked at. */
  isNew(entry: CallEntry): boolean {
    return isMissed(entry) && entry.position > this.#seen() && !this.#seenHere().has(entry.callId);
  }

  /**
   * Fetches the head of the log.
   * @returns false where the server does not answer
   */
  async refresh(): Promise<boolean> {
    const answer = await this.#api.request('GET', `/api/calls?limit=${PAGE}`, { answer: callLog });
    if (!answer.ok) return false;
    const { items, missed, seen, next } = answer.value;
    // Where calls are missing between the head and what is here, only the head is kept: older calls come by scrolling.
    const touches = items.some(({ callId }) => this.find(callId)) || next === undefined;
    this.#entries.update(now => mergedEntries(touches ? now : [], items));
    if (!touches || this.#next() === undefined) this.#next.set(next);
    this.#missed.set(missed);
    this.#markSeen(seen);
    this.#loaded.set(true);
    await this.#keep();
    await this.#tellSeen();
    return true;
  }

  /** Fetches older calls. */
  async older(): Promise<void> {
    const cursor = this.#next();
    if (cursor === undefined) return;
    const path = `/api/calls?limit=${PAGE}&cursor=${encodeURIComponent(cursor)}`;
    const answer = await this.#api.request('GET', path, { answer: callLog });
    if (!answer.ok || this.#next() !== cursor) return;
    this.#entries.update(now => mergedEntries(now, answer.value.items));
    this.#next.set(answer.value.next);
  }

  /** The log was looked at: nothing in it is new any more, on no device. */
  async see(): Promise<void> {
    const upTo = this.#entries()[0]?.position ?? 0;
    if (upTo <= this.#seen() && this.#missed() === 0) return;
    this.#markSeen(upTo);
    this.#missed.set(0);
    await this.#api.request('POST', '/api/calls/seen', { body: { upTo } });
  }

  /** The lines of these missed calls were seen in a conversation: they are not new any more. Others stay new. */
  async saw(entries: readonly CallEntry[]): Promise<void> {
    const fresh = entries.filter(entry => this.isNew(entry));
    if (fresh.length === 0) return;
    this.#seenHere.update(now => new Set([...now, ...fresh.map(({ callId }) => callId)]));
    await this.#keep();
    await this.#tellSeen();
  }

  /** The mark is one for all calls, so it goes on to below the first missed one that nobody has seen. */
  async #tellSeen(): Promise<void> {
    const above = this.#entries().filter(entry => entry.position > this.#seen() && isMissed(entry));
    const seenHere = above.filter(({ callId }) => this.#seenHere().has(callId));
    // What is not loaded may lie in between.
    if (seenHere.length === 0 || above.length < this.#missed()) return;
    const unseen = above.findLast(entry => this.isNew(entry))?.position ?? Infinity;
    const upTo = seenHere.find(({ position }) => position < unseen)?.position;
    if (upTo === undefined) return;
    const answer = await this.#api.request('POST', '/api/calls/seen', { body: { upTo } });
    if (!answer.ok) return;
    this.#missed.update(missed => missed - seenHere.filter(({ position }) => position <= upTo).length);
    this.#markSeen(upTo);
  }

  #markSeen(upTo: number): void {
    this.#seen.update(now => Math.max(now, upTo));
    const above = this.#entries().filter(({ position }) => position > this.#seen());
    const ids = new Set(above.map(({ callId }) => callId));
    this.#seenHere.update(now => new Set([...now].filter(callId => ids.has(callId))));
  }

  async #load(): Promise<void> {
    const kept = await this.#local.use(db => db.table<KeptEntry>('calls').ordered('position', { reverse: true }));
    const seen = kept.filter(({ seenHere }) => seenHere).map(({ callId }) => callId);
    const entries = kept.map(({ seenHere: _, ...entry }): CallEntry => entry);
    this.#entries.update(now => mergedEntries(entries, now));
    this.#seenHere.update(now => new Set([...seen, ...now]));
    this.#markSeen(this.#seen());
    this.#loaded.set(true);
  }

  async #keep(): Promise<void> {
    const seen = this.#seenHere();
    const kept = this.#entries()
      .slice(0, PAGE)
      .map((entry): KeptEntry => ({ ...entry, seenHere: seen.has(entry.callId) }));
    await this.#local.use(db =>
      db.transaction(['calls'], async () => {
        await db.table('calls').clear();
        await db.table<KeptEntry>('calls').bulkPut(kept);
      }),
    );
  }
}
