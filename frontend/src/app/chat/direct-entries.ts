import { inject, Service, signal } from '@angular/core';
import { takeUntilDestroyed } from '@angular/core/rxjs-interop';
import { Subject } from 'rxjs';
import { type EntryKey, isSameKey, nameOfKey } from '#protocol/content/kinds';
import { type MessageId } from '#protocol/ids';
import { type Entry, keyOf, type Stored } from './conversation';
import { ConversationStore } from './conversation-store';
import { type DirectEntry } from './direct-entry';
import { LocalChat } from './local-chat';
import { Unkept } from './unkept';

/**
 * Messages that went from device to device in a call: those that have arrived here, until their entries come, and which of
 * one's own that still wait have arrived there. How they travel is `DirectChat`, which comes with a call.
 */
@Service()
export class DirectEntries {
  readonly #local = inject(LocalChat);
  readonly #unkept = inject(Unkept);
  readonly #all = signal<readonly DirectEntry[]>([]);

  /** In the order of their arrival. */
  readonly all = this.#all.asReadonly();
  readonly added = new Subject<DirectEntry>();
  /** By their authors, before the server had them. */
  readonly withdrawn = new Subject<EntryKey>();
  /** Those that were not looked at, in the order of their arrival. */
  readonly unseen = signal<readonly EntryKey[]>([]);
  readonly handedOver = signal<readonly MessageId[]>([]);
  /** The names of the keys of all copies that were here. */
  readonly #told = new Set<string>();

  constructor() {
    const store = inject(ConversationStore);
    store.arrivals.pipe(takeUntilDestroyed()).subscribe(({ messages }) => this.#removeAmong(messages));
    store.stored
      .pipe(takeUntilDestroyed())
      .subscribe(({ conversationId }) => void this.#removeHeld(one => one.conversationId === conversationId));
  }

  /** What earlier pages have kept, without what has its entry: a page may be closed between the two writes. */
  async load(): Promise<void> {
    const kept = await this.#local.direct();
    this.#all.set(kept.sort((a, b) => a.at - b.at));
    for (const one of kept) this.#told.add(nameOfKey(one));
    await this.#removeHeld(() => true);
  }

  #removeAmong(rows: readonly Stored[]): void {
    if (this.#all().length === 0) return;
    const names = new Set(rows.flatMap(row => keyOf(row) ?? []).map(nameOfKey));
    for (const one of this.#all()) if (names.has(nameOfKey(one))) this.remove(one);
  }

  async #removeHeld(isMeant: (one: DirectEntry) => boolean): Promise<void> {
    for (const one of this.#all().filter(isMeant)) if (await this.isHeld(one)) this.remove(one);
  }

  /** Whether the entry of this key is on this device. */
  isHeld(key: EntryKey): Promise<boolean> {
    return this.#local.has(key).catch(() => false);
  }

  has(key: EntryKey): boolean {
    return this.#all().some(one => isSameKey(one, key));
  }

  /** Whether the person was told of a message when its copy came: its entry is no news. */
  isTold(entry: Entry): boolean {
    const key = keyOf(entry);
    return key !== undefined && this.#told.has(nameOfKey(key));
  }

  async add(entry: DirectEntry): Promise<void> {
    this.#told.add(nameOfKey(entry));
    this.#all.update(all => [...all, entry]);
    this.unseen.update(all => [...all, entry]);
    this.added.next(entry);
    await this.#unkept.write(keptAs(entry), () => this.#local.keepDirect(entry), true);
  }

  remove(key: EntryKey): void {
    this.#all.update(all => all.filter(one => !isSameKey(one, key)));
    this.seen([key]);
    void this.#unkept.write(keptAs(key), () => this.#local.forgetDirect(key));
  }

  withdraw(key: EntryKey): void {
    this.remove(key);
    this.withdrawn.next(key);
  }

  isUnseen(key: EntryKey): boolean {
    return this.unseen().some(one => isSameKey(one, key));
  }

  seen(keys: readonly EntryKey[]): void {
    const left = this.unseen().filter(one => !keys.some(key => isSameKey(one, key)));
    if (left.length < this.unseen().length) this.unseen.set(left);
  }
}

const keptAs = (key: EntryKey): string => `direct ${nameOfKey(key)}`;
