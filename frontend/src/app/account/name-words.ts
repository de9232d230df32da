import { inject, Service } from '@angular/core';
import { faultOfName, lengthOfName, LONGEST_NAME } from '#protocol/display-name';
import { Words } from '../../i18n/words';

/** What is wrong with a name while somebody types it, in words; the same wherever a name is given. */
@Service()
export class NameWords {
  readonly #words = inject(Words);

  /** @returns '' where nothing is wrong */
  about(typed: string): string {
    const fault = faultOfName(typed);
    if (fault === undefined) return '';
    if (fault === 'empty') return this.#words.t('account.signUp.nameMissing');
    if (fault === 'hidden') return this.#words.t('account.signUp.nameUnusable');
    return this.#words.count('account.signUp.nameLong', lengthOfName(typed) - LONGEST_NAME);
  }
}
