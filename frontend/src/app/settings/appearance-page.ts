import { Component, computed, inject } from '@angular/core';
import { TranslocoService } from '@jsverse/transloco';
import { type Language, LANGUAGES, rememberLanguage, speak } from '../../i18n/language';
import { laterWords } from '../../i18n/later-words';
import { Words } from '../../i18n/words';
import { ColorScheme, type Scheme, SCHEMES } from '../look/scheme';
import { Choice } from './choice';
import { SettingPage } from './setting-page';

/** Each language says its own name, so that whoever cannot read the others finds the way back. */
const LANGUAGE_NAMES: Record<Language, string> = { en: 'English', de: 'Deutsch' };

/** Light or dark, and which language: both kept on the device. */
@Component({
  selector: 'parley-appearance-page',
  imports: [Choice, SettingPage],
  template: `
    <parley-setting-page heading="settings.appearance.title">
      <parley-choice
        [label]="t('settings.appearance.scheme')"
        [options]="schemes()"
        [value]="scheme.chosen()"
        (valueChange)="choose($event)"
      />
      <parley-choice
        [label]="t('settings.appearance.language')"
        [options]="languages"
        [value]="words.language()"
        (valueChange)="speak($event)"
      />
    </parley-setting-page>
  `,
})
export class AppearancePage {
  protected readonly words = inject(Words);
  protected readonly t = laterWords();
  protected readonly scheme = inject(ColorScheme);
  readonly #transloco = inject(TranslocoService);

  protected readonly schemes = computed(() =>
    SCHEMES.map(value => ({ value, label: this.t(`settings.appearance.schemes.${value}`) })),
  );
  protected readonly languages = LANGUAGES.map(value => ({ value, label: LANGUAGE_NAMES[value] }));

  protected choose(scheme: Scheme): void {
    this.scheme.choose(scheme);
  }

  protected speak(language: Language): void {
    rememberLanguage(language);
    void speak(this.#transloco, language);
  }
}
