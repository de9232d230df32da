import { inject, InjectionToken, Service, signal } from '@angular/core';
import { remember, remembered } from '../device/remembered';

/** The browser's storage; absent on plain http and in old browsers. */
export const STORAGE = new InjectionToken<Partial<StorageManager> | undefined>('storage', {
  providedIn: 'root',
  factory: () => navigator.storage,
});

/** Whether the browser keeps what this device has even when it runs short of space (Storage Standard, 4). */
@Service()
export class KeptStorage {
  readonly #storage = inject(STORAGE);
  readonly #persisted = signal(false);
  readonly #refused = signal(false);

  readonly persisted = this.#persisted.asReadonly();
  /** Asked since this page was opened, and refused. */
  readonly refused = this.#refused.asReadonly();
  readonly canAsk = this.#storage?.persist !== undefined;

  constructor() {
    void this.#storage
      ?.persisted?.()
      .catch(() => false)
      .then(persisted => this.#persisted.set(persisted));
  }

  async ask(): Promise<void> {
    if (this.#persisted() || !this.#storage?.persist) return;
    const granted = await this.#storage.persist().catch(() => false);
    this.#persisted.set(granted);
    this.#refused.set(!granted);
  }

  /**
   * For the moment in which there is something to lose: the first message sent, the app installed. Asks only once, since a
   * browser may put the question to the person.
   */
  async askOnce(): Promise<void> {
    if (remembered('parley.storage') !== null) return;
    remember('parley.storage', 'asked');
    await this.ask();
  }
}
