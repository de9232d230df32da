import { inject, Service, signal } from '@angular/core';
import type { Identity } from './identity';
import { REFRESH } from './refresh';

interface AccessToken {
  readonly text: string;
  /** From when on it is renewed before use, by this page's own clock (performance.now, ms). */
  readonly renewAt: number;
}

/** No newer token comes now: the server does not answer. Somebody may still be signed in. */
export class NoAnswer extends Error {
  override readonly name = 'NoAnswer';
}

/**
 * The access token, in memory only: renewed when two thirds of its life are over or somebody finds it stale, by one
 * request at a time. A server that does not answer changes nothing about who is signed in.
 */
@Service()
export class Access {
  readonly #refresh = inject(REFRESH);
  #identity: Identity | undefined;
  #token: AccessToken | undefined;
  #renewing: Promise<string | null> | undefined;

  readonly #outcome = signal<'none' | 'renewed' | 'refused'>('none');
  /** What the last refresh came to. */
  readonly outcome = this.#outcome.asReadonly();

  readonly #epoch = signal<string | undefined>(undefined);
  /** The epoch of the store that the last refresh was made in. */
  readonly epoch = this.#epoch.asReadonly();

  /** From now on tokens are this device's; `granted` is one that has just come with the sign-in. */
  use(identity: Identity, granted?: { text: string; expiresInMs: number }): void {
    this.#identity = identity;
    this.#outcome.set('none');
    this.#token = granted && keep(granted.text, granted.expiresInMs);
  }

  /** Nobody is signed in any more. */
  drop(): void {
    this.#identity = undefined;
    this.#token = undefined;
  }

  /**
   * A token that is still good, or null where nobody is signed in.
   * @param renew asks for a newer one than whoever calls has had
   * @throws NoAnswer where none comes now
   */
  async token(renew = false): Promise<string | null> {
    const present = this.#token;
    if (!renew && present && performance.now() < present.renewAt) return present.text;
    this.#renewing ??= this.#renew().finally(() => (this.#renewing = undefined));
    return this.#renewing;
  }

  async #renew(): Promise<string | null> {
    const identity = this.#identity;
    if (!identity) return null;
    const renewal = await this.#refresh(identity);
    if (identity !== this.#identity) return this.#token?.text ?? null;
    if (renewal === 'no-answer') throw new NoAnswer('the server does not answer');
    if (renewal === 'refused') {
      this.drop();
    } else {
      this.#token = keep(renewal.token, renewal.expiresInMs);
      this.#epoch.set(renewal.epoch);
    }
    this.#outcome.set(renewal === 'refused' ? 'refused' : 'renewed');
    return this.#token?.text ?? null;
  }
}

const keep = (text: string, expiresInMs: number): AccessToken => ({
  text,
  renewAt: performance.now() + (expiresInMs * 2) / 3,
});
