import { inject, Service } from '@angular/core';
import { TranslocoService } from '@jsverse/transloco';
import de from './later.de.json';
import en from './later.en.json';
import { Words } from './words';

/**
 * The words of what is loaded only when it is opened: `protected readonly t = laterWords();`, before anything is said. They
 * come with its code and not with the words of the first screens, in both languages, because a chunk is asked for once and a
 * language can be changed at any time.
 *
 * @returns what `Words` has as `t`
 */
export const laterWords = (): Words['t'] => inject(LaterWords).t;

/** Adds them to the others once. */
@Service()
class LaterWords {
  readonly t = inject(Words).t;

  constructor() {
    const transloco = inject(TranslocoService);
    for (const [language, words] of [['en', en] as const, ['de', de] as const]) {
      // No text on the screen uses one of these keys yet, so nothing has to be drawn again.
      transloco.setTranslation(words, language, { emitChange: false });
    }
  }
}
