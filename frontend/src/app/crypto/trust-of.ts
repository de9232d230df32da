import { inject, Service, signal, type WritableSignal } from '@angular/core';
import { takeUntilDestroyed } from '@angular/core/rxjs-interop';
import { type UserId } from '#protocol/ids';
import type { Trust } from '../../../crypto/trust.ts';
import { OwnKeys } from './own-keys';

export type { Trust };

/** What this device knows of other people's identities, of those that are looked at. */
@Service()
export class TrustOf {
  readonly #keys = inject(OwnKeys);
  readonly #known = new Map<UserId, WritableSignal<Trust | undefined>>();

  constructor() {
    this.#keys.came.pipe(takeUntilDestroyed()).subscribe(() => {
      for (const userId of this.#known.keys()) void this.#ask(userId);
    });
  }

  /** Undefined: it is not known yet. A template that reads it follows its changes. */
  of(userId: UserId): Trust | undefined {
    const known = this.#known.get(userId);
    if (known) return known();
    const asked = signal<Trust | undefined>(undefined);
    this.#known.set(userId, asked);
    void this.#ask(userId);
    return asked();
  }

  /** The person here goes on with the identity that somebody has now; what waited for that leaves. */
  async accept(userId: UserId): Promise<void> {
    await this.#keys.ask('acceptIdentity', userId);
    this.#keys.changed();
  }

  async #ask(userId: UserId): Promise<void> {
    if (this.#keys.state() !== 'own') return;
    try {
      await this.#keys.ask('follow', [userId]);
      this.#known.get(userId)?.set(await this.#keys.ask('trustIn', userId));
    } catch {
      // Asked again when keys come.
    }
  }
}
