import { effect, inject, Service, signal } from '@angular/core';
import { Account } from '../account/account';
import { forgetRemembered, remember, remembered } from '../device/remembered';
import { OwnKeys } from './own-keys';

const BEGUN = 'parley.shut-out';

/** That a person shuts a lost device out: known until it is done, since the page may end in between. */
@Service()
export class ShuttingOut {
  readonly #keys = inject(OwnKeys);
  readonly #account = inject(Account);
  readonly #replaces = signal(remembered(BEGUN));
  /** The public master key whose place another one is to take; null: nothing was begun, or it is done. */
  readonly replaces = this.#replaces.asReadonly();

  constructor() {
    // A page that has ended after the new identity was there has nothing left to be done.
    effect(() => {
      if (this.#keys.state() === 'own' && this.#replaces() !== null) void this.isDone().catch(() => false);
    });
  }

  /** @returns the key that is to be replaced; null: this device has none */
  async begin(): Promise<string | null> {
    const key = this.#replaces() ?? (await this.#own());
    if (key === null) return null;
    remember(BEGUN, key);
    this.#replaces.set(key);
    return key;
  }

  /** Whether another identity is there; then it is over. */
  async isDone(): Promise<boolean> {
    const own = await this.#own();
    const isDone = own !== null && own !== this.#replaces();
    if (isDone) this.over();
    return isDone;
  }

  over(): void {
    forgetRemembered(BEGUN);
    this.#replaces.set(null);
  }

  async #own(): Promise<string | null> {
    return (await this.#keys.ask('identities', this.#account.address().userId)).own;
  }
}
