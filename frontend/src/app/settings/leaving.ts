import { inject, Service } from '@angular/core';
import { laterWords } from '../../i18n/later-words';
import { Words } from '../../i18n/words';
import { Account } from '../account/account';
import { remembered } from '../device/remembered';
import { Confirm } from '../look/confirm';

/** Signing out, after a question that says what is lost. */
@Service()
export class Leaving {
  readonly #words = inject(Words);
  readonly #t = laterWords();
  readonly #account = inject(Account);
  readonly #confirm = inject(Confirm);

  async signOut(): Promise<void> {
    const unsent = this.#account.unsent();
    const hasRecording = remembered('parley.recording') !== null;
    const sentence =
      unsent > 0 ? this.#words.count('settings.signOutUnsent', unsent) : this.#words.t('settings.signOutSentence');
    const sure = await this.#confirm.ask({
      title: this.#words.t('settings.signOutSure'),
      sentence: hasRecording ? `${sentence} ${this.#t('settings.signOutRecording')}` : sentence,
      action: this.#words.t('settings.signOut'),
      danger: unsent > 0 || hasRecording,
    });
    if (sure) await this.#account.signOut();
  }
}
