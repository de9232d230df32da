import { computed, DestroyRef, inject, Service, signal } from '@angular/core';
import { StorageState } from '../device/storage-state';

/** What could not be written is tried again this often, ms. */
export const AGAIN_MS = 5_000;

interface Due {
  readonly write: () => Promise<unknown>;
  readonly isOnlyHere: boolean;
}

/**
 * Writes to the local database that must not be lost without a word: what fails (a full disk, a browser that refuses) is
 * tried again until it succeeds, and meanwhile what draws it can say so.
 */
@Service()
export class Unkept {
  readonly #refusal = inject(StorageState).refusal;
  /** The last write of each key: an earlier one that is still running says nothing any more. */
  readonly #last = new Map<string, Due>();
  readonly #failed = signal<ReadonlyMap<string, Due>>(new Map());
  readonly #isOnlyHere = computed(() => [...this.#failed().values()].some(({ isOnlyHere }) => isOnlyHere));
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor() {
    const ask = (event: BeforeUnloadEvent): void => {
      if (this.#isOnlyHere()) event.preventDefault();
    };
    addEventListener('beforeunload', ask);
    inject(DestroyRef).onDestroy(() => {
      removeEventListener('beforeunload', ask);
      clearTimeout(this.#timer);
    });
  }

  /** Whether the last write of this key has failed. */
  has(key: string): boolean {
    return this.#failed().has(key);
  }

  /**
   * Writes now, and later again if that fails. Never rejects.
   * @param key what is written: a later write of it takes the place of an earlier one
   * @param isOnlyHere whether it would be lost with this page, so that closing the page is worth a question
   */
  async write(key: string, write: () => Promise<unknown>, isOnlyHere = false): Promise<void> {
    const due: Due = { write, isOnlyHere };
    this.#last.set(key, due);
    await this.#try(key, due);
  }

  async #try(key: string, due: Due): Promise<void> {
    const isWritten = await due.write().then(
      () => true,
      () => false,
    );
    // Where the browser keeps nothing, what was written is in memory, and goes with this page.
    const isKept = isWritten && !(due.isOnlyHere && this.#refusal() !== undefined);
    if (this.#last.get(key) !== due) return;
    if (isKept) this.#last.delete(key);
    if (isKept && !this.has(key)) return;
    this.#failed.update(before => {
      const others = [...before].filter(([other]) => other !== key);
      return new Map(isKept ? others : [...others, [key, due]]);
    });
    if (!isKept) this.#timer ??= setTimeout(() => void this.#again(), AGAIN_MS);
  }

  async #again(): Promise<void> {
    await Promise.all([...this.#failed()].map(([key, due]) => this.#try(key, this.#last.get(key) ?? due)));
    this.#timer = this.#failed().size > 0 ? setTimeout(() => void this.#again(), AGAIN_MS) : undefined;
  }
}
