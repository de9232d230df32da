import { ChangeDetectionStrategy, Component, inject } from '@angular/core';
import { Words } from '../../i18n/words';
import { Icon } from '../look/icon';
import mark from '../look/mark.svg';
import { SettingPage } from './setting-page';

/** What this is, and who can see what: in plain words. */
@Component({
  selector: 'parley-about-page',
  changeDetection: ChangeDetectionStrategy.OnPush,
  imports: [Icon, SettingPage],
  template: `
    <parley-setting-page heading="settings.about.title">
      <parley-icon class="mark" [svg]="mark" />
      <p class="lead">{{ t('settings.about.what') }}</p>
      <h2 class="group">{{ t('settings.about.who') }}</h2>
      <div class="note attention">{{ t('settings.about.readable') }}</div>
      <ul class="points">
        <li>{{ t('settings.about.calls') }}</li>
        <li>{{ t('settings.about.password') }}</li>
        <li>{{ t('settings.about.nothingElse') }}</li>
      </ul>
    </parley-setting-page>
  `,
  styles: `
    .mark {
      --icon-size: 56px;
    }
    .lead {
      padding-block: 12px 4px;
      font-size: 16px;
    }
    .points {
      padding: 12px 4px;
    }
    .points li {
      padding-block: 6px;
      color: var(--on-surface-dim);
    }
  `,
})
export class AboutPage {
  protected readonly t = inject(Words).t;
  protected readonly mark = mark;
}
