import { type EnvironmentProviders, inject, makeEnvironmentProviders, provideAppInitializer } from '@angular/core';
import { provideTransloco, type Translation, type TranslocoLoader, TranslocoService } from '@jsverse/transloco';
import { firstValueFrom } from 'rxjs';

export const LANGUAGES = ['en', 'de'] as const;
export type Language = (typeof LANGUAGES)[number];

const KEY = 'parley.language';

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

/** Speaks another language from now on; resolves when its words are there. */
export async function speak(transloco: TranslocoService, language: Language): Promise<void> {
  await firstValueFrom(transloco.load(language));
  transloco.setActiveLang(language);
  document.documentElement.lang = language;
}

/** Remembers a person's choice on this device. */
export const rememberLanguage = (language: Language): void => localStorage.setItem(KEY, language);

/** The words, loaded before the first page is drawn. */
export function provideLanguage(): EnvironmentProviders {
  return makeEnvironmentProviders([
    provideTransloco({
      config: { availableLangs: [...LANGUAGES], defaultLang: 'en', reRenderOnLangChange: true, prodMode: true },
      loader: BundledLanguages,
    }),
    provideAppInitializer(() =>
      speak(inject(TranslocoService), preferredLanguage(localStorage.getItem(KEY), navigator.languages)),
    ),
  ]);
}
