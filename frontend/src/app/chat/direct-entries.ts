import { inject, Service, signal } from '@angular/core';
import { takeUntilDestroyed } from '@angular/core/rxjs-interop';
import { Subject } from 'rxjs';
import { type EntryKey } from '#protocol/content/kinds';
import { type ConversationId, type MessageId } from '#protocol/ids';
import { type Stored } from './conversation';
import { ConversationStore } from './conversation-store';
import { type DirectEntry, isSameKey } from './direct-entry';
import { LocalChat } from './local-chat';
import { Unkept } from './unkept';

/** How far back an entry is looked for whose copy is still here. */
const LOOKED_BACK = 500;

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
  /** Conversations with some that were not looked at. */
  readonly unseen = signal<readonly ConversationId[]>([]);
  readonly handedOver = signal<readonly MessageId[]>([]);

  constructor() {
    const store = inject(ConversationStore);
    store.arrivals.pipe(takeUntilDestroyed()).subscribe(({ messages }) => {
      for (const one of this.#all()) if (hasEntry(messages, one)) this.remove(one);
    });
    store.stored.pipe(takeUntilDestroyed()).subscribe(({ conversationId }) => {
      const own = this.#all().filter(one => one.conversationId === conversationId);
      void this.#removeHeld(own).catch(() => undefined);
    });
  }

  /** What earlier pages have kept, without what has its entry: a page may be closed between the two writes. */
  async load(): Promise<void> {
    const kept = await this.#local.direct();
    this.#all.set(kept.sort((a, b) => a.at - b.at));
    await this.#removeHeld(kept);
  }

  async #removeHeld(some: readonly DirectEntry[]): Promise<void> {
    for (const one of some) if (await this.isHeld(one)) this.remove(one);
  }

  /** Whether the entry of this key is on this device, among the newest. */
  async isHeld(key: EntryKey): Promise<boolean> {
    return hasEntry(await this.#local.between(key.conversationId, 0, Infinity, LOOKED_BACK), key);
  }

  has(key: EntryKey): boolean {
    return this.#all().some(one => isSameKey(one, key));
  }

  async add(entry: DirectEntry): Promise<void> {
    this.#all.update(all => [...all, entry]);
    this.unseen.update(all => [...all, entry.conversationId]);
    this.added.next(entry);
    await this.#unkept.write(nameOf(entry), () => this.#local.keepDirect(entry), true);
  }

  remove(key: EntryKey): void {
    this.#all.update(all => all.filter(one => !isSameKey(one, key)));
    void this.#unkept.write(nameOf(key), () => this.#local.forgetDirect(key));
  }

  seen(id: ConversationId): void {
    if (this.unseen().includes(id)) this.unseen.update(all => all.filter(one => one !== id));
  }
}

const nameOf = ({ authorId, id }: EntryKey): string => `direct ${authorId} ${id}`;

/** A place without its data has no key. */
const hasEntry = (messages: readonly Stored[], key: EntryKey): boolean =>
  messages.some(one => 'id' in one && isSameKey(key, { ...one, authorId: one.author.userId }));
