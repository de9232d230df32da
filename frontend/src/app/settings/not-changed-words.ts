import { inject, Service } from '@angular/core';
import { laterWords } from '../../i18n/later-words';
import { FailureWords } from '../account/failure-words';
import type { Failure } from '../account/fetch-json';
import { isWrongPassword } from '../account/wrong-password';
import { type NotChanged } from './password-change';

/** Says why the server has not taken a new password. */
@Service()
export class NotChangedWords {
  readonly #t = laterWords();
  readonly #failures = inject(FailureWords);

  of(failure: Failure): NotChanged {
    return isWrongPassword(failure)
      ? { current: this.#t('settings.password.wrong') }
      : { failure: this.#failures.say(failure) };
  }
}
