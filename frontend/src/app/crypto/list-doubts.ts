import { inject, Service, signal } from '@angular/core';
import { takeUntilDestroyed } from '@angular/core/rxjs-interop';
import { filter } from 'rxjs';
import { type UserId } from '#protocol/ids';
import { OwnKeys } from './own-keys';

/** Lists of devices that this device has refused since its page was loaded: the person is told of each. */
@Service()
export class ListDoubts {
  readonly #refused = signal<ReadonlySet<UserId>>(new Set());

  constructor() {
    inject(OwnKeys)
      .noticed.pipe(
        // Whoever is making their identity has no list yet; nothing is sent to them before they have.
        filter(({ refusal }) => refusal !== 'missing'),
        takeUntilDestroyed(),
      )
      .subscribe(({ userId }) => this.#refused.update(known => new Set(known).add(userId)));
  }

  /** Whether the server has shown a list of this person's devices that is forged, or older than one that is known. */
  has(userId: UserId): boolean {
    return this.#refused().has(userId);
  }
}
