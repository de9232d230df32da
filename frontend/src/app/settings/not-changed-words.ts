import { inject, Service } from '@angular/core';
import { laterWords } from '../../i18n/later-words';
import { FailureWords } from '../account/failure-words';
import type { Failure } from '../account/fetch-json';
import { type NotChanged } from './password-change';

/** Says why the server has not taken a new password. */
@Service()
export class NotChangedWords {
  readonly #t = laterWords();
  readonly #failures = inject(FailureWords);

  of(failure: Failure): NotChanged {
    const isWrong = failure.kind === 'problem' && failure.problem.type === 'wrong-credentials';
    return isWrong ? { current: this.#t('settings.password.wrong') } : { failure: this.#failures.say(failure) };
  }
}
