import { computed, inject, Service } from '@angular/core';
import { toSignal } from '@angular/core/rxjs-interop';
import { TranslocoService } from '@jsverse/transloco';
import type en from './en.json';
import type guest from './guest.en.json';
import type later from './later.en.json';
import { type Params } from './fill';
import { isLanguage, type Language } from './language';
import { regional } from './regional';

type Tree = { [name: string]: string | Tree };
type Leaf<T extends Tree> = {
  [K in keyof T & string]: T[K] extends Tree ? `${K}.${Leaf<T[K]>}` : K;
}[keyof T & string];
type Plural<T extends Tree> = {
  [K in keyof T & string]: T[K] extends { one: string; other: string }
    ? K
    : T[K] extends Tree
      ? `${K}.${Plural<T[K]>}`
      : never;
}[keyof T & string];

/** The key of a text. One that is in none of en.json, later.en.json (later-words.ts) and guest.en.json does not compile. */
export type Key = Leaf<typeof en> | Leaf<typeof later> | Leaf<typeof guest>;
/** The key of a text with a form for each number (`one`, `other`). */
export type PluralKey = Plural<typeof en> | Plural<typeof later>;

/**
 * The app's words. `t` reads the language as a signal, so a template that calls it follows a change:
 * `protected readonly t = inject(Words).t;` and `{{ t('chat.title') }}`.
 */
@Service()
export class Words {
  readonly #transloco = inject(TranslocoService);
  readonly #loaded = toSignal(this.#transloco.selectTranslation(), { initialValue: {} });
  readonly #active = toSignal(this.#transloco.langChanges$, { requireSync: true });

  /** The language of the texts. */
  readonly language = computed<Language>(() => {
    const active = this.#active();
    return isLanguage(active) ? active : 'en';
  });

  /** How dates and numbers beside the texts are written. */
  readonly locale = computed(() => regional(this.language(), navigator.languages));

  /** The text of a key, with its `{{ parameters }}` filled in. */
  readonly t = (key: Key, params: Params = {}): string => {
    this.#loaded();
    return this.#transloco.translate(key, params, this.language());
  };

  /** The text for a number of things, in the form the language wants (Intl.PluralRules); `n` is its parameter. */
  readonly count = (key: PluralKey, n: number, params: Params = {}): string => {
    const form = new Intl.PluralRules(this.language()).select(n) === 'one' ? 'one' : 'other';
    this.#loaded();
    const number = new Intl.NumberFormat(this.locale()).format(n);
    return this.#transloco.translate(`${key}.${form}`, { n: number, ...params }, this.language());
  };
}
