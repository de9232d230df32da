import { type EnvironmentProviders, inject, makeEnvironmentProviders, provideAppInitializer } from '@angular/core';
import {
  provideTransloco,
  provideTranslocoTranspiler,
  type Translation,
  type TranslocoLoader,
  TranslocoService,
  type TranslocoTranspiler,
  type TranspileParams,
} from '@jsverse/transloco';
import { firstValueFrom } from 'rxjs';
import { remember, remembered } from '../app/device/remembered';
import { fill, type Params } from './fill';

export const LANGUAGES = ['en', 'de'] as const;
export type Language = (typeof LANGUAGES)[number];

export const isLanguage = (tag: string | null): tag is Language => LANGUAGES.some(language => language === tag);

/** The language chosen on this device, else the first of the browser's that the app speaks, else English. */
export function preferredLanguage(chosen: string | null, browser: readonly string[]): Language {
  if (isLanguage(chosen)) return chosen;
  return browser.map(tag => tag.slice(0, 2)).find(isLanguage) ?? 'en';
}

/** Each language is a chunk of its own; only the one that is spoken is loaded. */
class BundledLanguages implements TranslocoLoader {
  async getTranslation(language: string): Promise<Translation> {
    return language === 'de' ? (await import('./de.json')).default : (await import('./en.json')).default;
  }
}

/**
 * In the place of the library's own, which reads a text again after each value that it has put in (8.4.0): a name with braces
 * in it keeps that busy for good.
 */
class OnePass implements TranslocoTranspiler {
  transpile({ value, params }: TranspileParams): unknown {
    return typeof value === 'string' ? fill(value, params as Params) : value;
  }
}

/** Speaks another language from now on; resolves when its words are there. */
export async function speak(transloco: TranslocoService, language: Language): Promise<void> {
  await firstValueFrom(transloco.load(language));
  transloco.setActiveLang(language);
  document.documentElement.lang = language;
}

/** Remembers a person's choice on this device. */
export const rememberLanguage = (language: Language): void => remember('parley.language', language);

/** The words, loaded before the first page is drawn. */
export function provideLanguage(): EnvironmentProviders {
  return makeEnvironmentProviders([
    provideTransloco({
      config: { availableLangs: [...LANGUAGES], defaultLang: 'en', reRenderOnLangChange: true, prodMode: true },
      loader: BundledLanguages,
    }),
    provideTranslocoTranspiler(OnePass),
    provideAppInitializer(() =>
      speak(inject(TranslocoService), preferredLanguage(remembered('parley.language'), navigator.languages)),
    ),
  ]);
}
