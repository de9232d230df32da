import { Component, inject } from '@angular/core';
import { laterWords } from '../../i18n/later-words';
import { Install } from '../worker/install';
import { InstallGuide } from '../worker/install-guide';
import { SettingPage } from './setting-page';

/** How the app gets onto this device, where it is not one already. */
@Component({
  selector: 'parley-install-page',
  imports: [InstallGuide, SettingPage],
  template: `
    <parley-setting-page heading="worker.install.title">
      @switch (install.way()) {
        @case ('installed') {
          <p class="note" role="status">{{ t('worker.install.done') }}</p>
        }
        @case ('button') {
          <p class="lead dim">{{ t('worker.install.lead') }}</p>
          <button type="button" class="button wide" (click)="install.ask()">{{ t('worker.install.do') }}</button>
        }
        @case ('ios') {
          <p class="lead dim">{{ t('worker.install.lead') }}</p>
          <parley-install-guide />
        }
        @case ('menu') {
          <p class="lead dim">{{ t('worker.install.lead') }}</p>
          <p class="note">{{ t('worker.install.menu') }}</p>
        }
      }
    </parley-setting-page>
  `,
  styles: '.lead { padding-bottom: 16px }',
})
export class InstallPage {
  protected readonly install = inject(Install);
  protected readonly t = laterWords();
}
