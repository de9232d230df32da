import { inject, Service } from '@angular/core';
import { TranslocoService } from '@jsverse/transloco';
import de from './guest.de.json';
import en from './guest.en.json';
import { laterWords } from './later-words';
import type { Words } from './words';

/**
 * The words of calls with guests, in the way of `laterWords` and with them. They are apart because those come with the first
 * conversation, and most people never meet a guest.
 *
 * @returns what `Words` has as `t`
 */
export const guestWords = (): Words['t'] => inject(GuestWords).t;

@Service()
class GuestWords {
  readonly t = laterWords();

  constructor() {
    const transloco = inject(TranslocoService);
    for (const [language, words] of [['en', en] as const, ['de', de] as const])
      transloco.setTranslation(words, language, { emitChange: false });
  }
}
