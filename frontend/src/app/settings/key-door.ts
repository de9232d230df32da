import { inject, Service, signal } from '@angular/core';
import { Router } from '@angular/router';
import { type Result } from '#protocol/result';
import { type Key } from '../../i18n/words';
import { OwnKeys } from '../crypto/own-keys';
import { type UnlockFault } from '../crypto/unlock-fault';

const FAULTS: Readonly<Record<UnlockFault, Key>> = {
  'wrong-password': 'keys.fault.password',
  'other-password': 'keys.fault.otherPassword',
  'wrong-code': 'keys.fault.code',
  'no-answer': 'account.failure.unreachable',
  unreadable: 'keys.fault.unreadable',
  'no-secrets': 'keys.fault.none',
};

/** Tries one of the ways to this person's key at a time, and leads on where it opens. */
@Service()
export class KeyDoor {
  readonly #keys = inject(OwnKeys);
  readonly #router = inject(Router);
  readonly #busy = signal(false);
  readonly busy = this.#busy.asReadonly();

  /** @returns why it did not open; null: it did, or another attempt still runs */
  async try(way: (keys: OwnKeys) => Promise<Result<null, UnlockFault>>): Promise<Key | null> {
    if (this.#busy()) return null;
    this.#busy.set(true);
    const opened = await way(this.#keys).finally(() => this.#busy.set(false));
    // It may have come by another way meanwhile.
    if (!opened.ok && this.#keys.state() !== 'own') return FAULTS[opened.error];
    // Where a code is owed, it is shown while it is there: a reload of the page loses it.
    const next = this.#keys.owedCode() ? '/settings/recovery-code' : '/chats';
    await this.#router.navigateByUrl(next, { replaceUrl: true });
    return null;
  }
}
