import { inject, Service } from '@angular/core';
import { Words } from '../../i18n/words';
import { Account } from '../account/account';
import { Confirm } from '../look/confirm';

/** Signing out, after a question that says what is lost. */
@Service()
export class Leaving {
  readonly #words = inject(Words);
  readonly #account = inject(Account);
  readonly #confirm = inject(Confirm);

  async signOut(): Promise<void> {
    const unsent = this.#account.unsent();
    const sure = await this.#confirm.ask({
      title: this.#words.t('settings.signOutSure'),
      sentence:
        unsent > 0 ? this.#words.count('settings.signOutUnsent', unsent) : this.#words.t('settings.signOutSentence'),
      action: this.#words.t('settings.signOut'),
      danger: unsent > 0,
    });
    if (sure) await this.#account.signOut();
  }
}
