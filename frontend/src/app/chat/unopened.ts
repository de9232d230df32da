import { inject, Service } from '@angular/core';
import { takeUntilDestroyed } from '@angular/core/rxjs-interop';
import { filter, merge, Subject, type Observable } from 'rxjs';
import { megolmPlaceOf } from '#protocol/crypto/sealed-data';
import { Codec } from '../crypto/codec';
import { mayOpen } from '../crypto/opened';
import { OwnKeys } from '../crypto/own-keys';
import { giveWay } from '../look/give-way';
import { openedAs } from './arrived';
import { isEntry, placeOf, type Entry } from './conversation';
import { ConversationStore } from './conversation-store';
import { LocalChat } from './local-chat';

/** So many entries are opened and stored together. */
const AT_ONCE = 50;

const sessionOf = ({ content }: Entry): string | undefined =>
  content.kind === 'unknown' ? megolmPlaceOf(content.data)?.sessionId : undefined;

/**
 * Opens what was stored before its key came, the newest first: what came with the list, which is stored unopened, what was heard
 * before the machine ran, and the past of a device that is new.
 */
@Service()
export class Unopened {
  readonly #local = inject(LocalChat);
  readonly #store = inject(ConversationStore);
  readonly #codec = inject(Codec);
  readonly #looked = new Subject<void>();
  #running: Promise<void> | null = null;
  #isDue = false;

  /** Everything that waits was tried. */
  readonly looked: Observable<void> = this.#looked.asObservable();

  constructor() {
    const keys = inject(OwnKeys);
    const arrived = this.#store.arrivals.pipe(
      filter(({ messages }) => messages.some(one => isEntry(one) && one.sealed === 'unopened')),
    );
    merge(keys.came, arrived, this.#store.stored)
      .pipe(
        filter(() => this.#codec.plain() !== null),
        takeUntilDestroyed(),
      )
      .subscribe(() => void this.look());
  }

  /** Tries everything that waits. Resolves when that is done. */
  look(): Promise<void> {
    this.#isDue = true;
    this.#running ??= this.#loop().finally(() => {
      this.#running = null;
      this.#looked.next();
    });
    return this.#running;
  }

  async #loop(): Promise<void> {
    while (this.#isDue) {
      this.#isDue = false;
      // A database that is closed ends this; the next start tries again.
      await this.#walk().catch(() => undefined);
    }
  }

  async #walk(): Promise<void> {
    /** Sessions without a key: one entry of each is tried. */
    const missing = new Set<string>();
    /** Those of the same time as the last one: the next batch begins with them once more. */
    let tied = new Set<string>();
    for (let before = Infinity; ;) {
      const waiting = await this.#local.waiting(before, AT_ONCE + tied.size);
      const fresh = waiting.filter(entry => !tied.has(placeOf(entry)));
      const at = fresh.at(-1)?.at;
      if (at === undefined) return;
      await this.#openAll(fresh, missing);
      const now = fresh.filter(entry => entry.at === at).map(placeOf);
      tied = new Set(at === before ? [...tied, ...now] : now);
      before = at;
      await giveWay();
    }
  }

  async #openAll(entries: readonly Entry[], missing: Set<string>): Promise<void> {
    const opened: Entry[] = [];
    for (const entry of entries) {
      const session = sessionOf(entry);
      if (session !== undefined && missing.has(session)) continue;
      const now = await this.#open(entry);
      if (session !== undefined && mayOpen(now.sealed)) missing.add(session);
      if (now.sealed !== entry.sealed) opened.push(now);
    }
    if (opened.length > 0) await this.#store.opened(opened);
  }

  async #open({ content, sealed, waits, ...message }: Entry): Promise<Entry> {
    const data = content.kind === 'unknown' ? content.data : '';
    return openedAs(message, await this.#codec.open({ ...message, data }));
  }
}
