import { computed, effect, inject, Injectable, signal } from '@angular/core';
import { takeUntilDestroyed } from '@angular/core/rxjs-interop';
import { callLog, type CallEntry } from '#protocol/api/calls';
import { groupBy } from '#protocol/group-by';
import { type CallId, type UserId } from '#protocol/ids';
import { Api } from '../account/api';
import { LocalDatabase } from '../account/local-database';
import { Badges } from '../look/badges';
import { Signaling } from '../signaling/signaling';
import { isMissed, mergedEntries } from './call-entries';

/** How many calls one look at the log fetches, and how many are kept for a start without a server. */
const PAGE = 50;

/** The calls of the person who is signed in, newest first, and which of them were missed. */
@Injectable({ providedIn: 'root' })
export class CallLog {
  readonly #api = inject(Api);
  readonly #local = inject(LocalDatabase);
  readonly #signaling = inject(Signaling);
  readonly #entries = signal<readonly CallEntry[]>([]);
  readonly #missed = signal(0);
  readonly #seen = signal(0);
  readonly #next = signal<string | undefined>(undefined);
  readonly #loaded = signal(false);
  #started: Promise<void> | undefined;

  /** Newest first. */
  readonly entries = this.#entries.asReadonly();
  /** Missed calls nobody has looked at yet, on any device. */
  readonly missed = this.#missed.asReadonly();
  /** Calls up to this position were seen. */
  readonly seen = this.#seen.asReadonly();
  /** Whether anything was read, from this device or the server: before, an empty log says nothing. */
  readonly loaded = this.#loaded.asReadonly();
  /** Whether the server has older calls. */
  readonly hasMore = computed(() => this.#next() !== undefined);
  /** By person, newest first. */
  readonly byPeer = computed(() => groupBy(this.#entries(), entry => entry.peer.id));

  constructor() {
    const badges = inject(Badges);
    effect(() => badges.calls.set(this.#missed()));
    this.#signaling.frames.pipe(takeUntilDestroyed()).subscribe(frame => {
      const isNews = frame.type === 'calls.changed' || (frame.type === 'welcome' && frame.how !== 'resumed');
      if (isNews) void this.refresh();
    });
  }

  /** Reads what this device has kept. */
  start(): Promise<void> {
    this.#started ??= this.#load().catch(() => undefined);
    return this.#started;
  }

  /** The calls with somebody, newest first. */
  with(userId: UserId): readonly CallEntry[] {
    return this.byPeer().get(userId) ?? [];
  }

  find(callId: CallId): CallEntry | undefined {
    return this.#entries().find(entry => entry.callId === callId);
  }

  /** Whether a call stands among those nobody has looked at. */
  isNew(entry: CallEntry): boolean {
    return entry.position > this.#seen() && isMissed(entry);
  }

  /**
   * Fetches the head of the log.
   * @returns false where the server does not answer
   */
  async refresh(): Promise<boolean> {
    const answer = await this.#api.request('GET', `/api/calls?limit=${PAGE}`, { answer: callLog });
    if (!answer.ok) return false;
    const { items, missed, seen, next } = answer.value;
    // With a hole between the head and what is here, the log begins anew: older calls come by scrolling.
    const touches = items.some(({ callId }) => this.find(callId)) || next === undefined;
    this.#entries.update(now => mergedEntries(touches ? now : [], items));
    if (!touches || this.#next() === undefined) this.#next.set(next);
    this.#missed.set(missed);
    this.#seen.update(now => Math.max(now, seen));
    this.#loaded.set(true);
    await this.#keep();
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
    this.#seen.update(now => Math.max(now, upTo));
    this.#missed.set(0);
    await this.#api.request('POST', '/api/calls/seen', { body: { upTo } });
  }

  async #load(): Promise<void> {
    const kept = await this.#local.table<CallEntry>('calls').orderBy('position').reverse().toArray();
    this.#entries.update(now => mergedEntries(kept, now));
    this.#loaded.set(true);
  }

  async #keep(): Promise<void> {
    const kept = this.#entries().slice(0, PAGE);
    await this.#local.transaction(['calls'], async () => {
      await this.#local.table('calls').clear();
      await this.#local.table<CallEntry>('calls').bulkPut(kept);
    });
  }
}
