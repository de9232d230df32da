import { Component, computed, inject, signal } from '@angular/core';
import { installation } from '#protocol/api/account';
import { iceServers, type IceServers } from '#protocol/ice-servers';
import { laterWords } from '../../i18n/later-words';
import { Words } from '../../i18n/words';
import { Api } from '../account/api';
import { Icon } from '../look/icon';
import mark from '../look/mark.svg';
import { callPaths } from './call-paths';
import { SettingPage } from './setting-page';

/** What Parley is, and who can see what. Each sentence is true of this server's settings. */
@Component({
  selector: 'parley-about-page',
  imports: [Icon, SettingPage],
  template: `
    <parley-setting-page heading="settings.about.title" textAlone>
      <parley-icon class="mark" [svg]="mark" />
      <p class="lead">{{ t('settings.about.what') }}</p>
      <h2 class="group">{{ t('settings.about.who') }}</h2>
      <div class="note attention">
        <p>{{ t('settings.about.readable') }}</p>
        <p>{{ t('settings.about.listening') }}</p>
      </div>
      <ul class="points">
        <li>{{ calls() }}</li>
        <li>{{ t('settings.about.password') }}</li>
        <li>{{ t('settings.about.push') }}</li>
        <li>{{ t('settings.about.nothingElse') }}</li>
      </ul>
      @if (version(); as version) {
        <p class="dim version">{{ t('settings.about.version', { version }) }}</p>
      }
    </parley-setting-page>
  `,
  styles: `
    .mark {
      --icon-size: 3.5rem;
    }
    .lead {
      padding-block: 12px 4px;
      font-size: 1rem;
    }
    .note p + p {
      margin-top: 8px;
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
      font-size: 0.84375rem;
    }
  `,
})
export class AboutPage {
  readonly #words = inject(Words);
  protected readonly t = laterWords();
  protected readonly mark = mark;
  readonly #iceServers = signal<IceServers | undefined>(undefined);
  protected readonly calls = computed(() => {
    const { paths, hosts } = callPaths(this.#iceServers());
    const list = new Intl.ListFormat(this.#words.language()).format(hosts);
    return this.t(`settings.about.calls.${paths}`, { hosts: list });
  });
  /** The server's, once it has answered. */
  protected readonly version = signal('');

  constructor() {
    const api = inject(Api);
    void api
      .request('GET', '/api/installation', { answer: installation })
      .then(about => about.ok && this.version.set(about.value.version));
    void api
      .request('POST', '/api/ice-servers', { body: { for: 'test' }, answer: iceServers })
      .then(servers => servers.ok && this.#iceServers.set(servers.value));
  }
}
