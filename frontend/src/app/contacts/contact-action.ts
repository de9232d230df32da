import { inject, Service, signal } from '@angular/core';
import type { UserId } from '#protocol/ids';
import { FailureWords } from '../account/failure-words';
import { Toast } from '../look/toast';
import { type ContactChange, Contacts } from './contacts';

/** Does something about a contact once at a time, and says in words when it did not work. */
@Service()
export class ContactAction {
  readonly #contacts = inject(Contacts);
  readonly #failureWords = inject(FailureWords);
  readonly #toast = inject(Toast);
  readonly #busy = signal<ReadonlySet<UserId>>(new Set());

  /** Whether something about this person is on its way. */
  isBusy(userId: UserId): boolean {
    return this.#busy().has(userId);
  }

  /** @returns whether it was done */
  async run(userId: UserId, change: ContactChange): Promise<boolean> {
    if (this.isBusy(userId)) return false;
    this.#busy.update(busy => new Set(busy).add(userId));
    const outcome = await this.#contacts.change(userId, change);
    this.#busy.update(busy => new Set([...busy].filter(one => one !== userId)));
    if (!outcome.ok) this.#toast.say(this.#failureWords.say(outcome.error));
    return outcome.ok;
  }
}
