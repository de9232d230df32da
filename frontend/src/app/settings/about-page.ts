import { ChangeDetectionStrategy, Component, inject, signal } from '@angular/core';
import { installation } from '#protocol/api/account';
import { Words } from '../../i18n/words';
import { Api } from '../account/api';
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
      @if (version(); as version) {
        <p class="dim version">{{ t('settings.about.version', { version }) }}</p>
      }
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
    .version {
      padding: 0 4px;
      font-size: 13.5px;
    }
  `,
})
export class AboutPage {
  protected readonly t = inject(Words).t;
  protected readonly mark = mark;
  /** The server's, once it has answered. */
  protected readonly version = signal('');

  constructor() {
    void inject(Api)
      .request('GET', '/api/installation', { answer: installation })
      .then(about => about.ok && this.version.set(about.value.version));
  }
}
