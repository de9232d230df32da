import { Component, computed, inject, signal } from '@angular/core';
import hardDrive from 'lucide-static/icons/hard-drive.svg';
import archive from 'lucide-static/icons/archive.svg';
import wifiOff from 'lucide-static/icons/wifi-off.svg';
import { laterWords } from '../../i18n/later-words';
import { type Key, Words } from '../../i18n/words';
import { Icon } from '../look/icon';
import { KeptStorage, STORAGE } from '../worker/kept-storage';
import { OfflineStart, type OfflineStartState } from '../worker/offline-start';
import { TrustMissing } from '../worker/trust-missing';
import { SettingPage } from './setting-page';

const OFFLINE_WORDS: Record<OfflineStartState, Key> = {
  ready: 'settings.storage.offlineReady',
  untrusted: 'settings.storage.offlineRefused',
  refused: 'settings.storage.offlineForbidden',
  unknown: 'settings.storage.offlineUnknown',
};

/** How much this device keeps, and whether the browser may throw it away when it runs short. */
@Component({
  selector: 'parley-storage-page',
  imports: [Icon, SettingPage, TrustMissing],
  template: `
    <parley-setting-page heading="settings.storage.title">
      <p class="lead dim">{{ t('settings.storage.lead') }}</p>
      <div class="card">
        <div class="row">
          <parley-icon [svg]="hardDrive" />
          <span class="row-text">
            <span class="row-name">{{ t('settings.storage.used') }}</span>
            <span class="row-line">{{ used() }}</span>
          </span>
        </div>
        <div class="row acting">
          <parley-icon [svg]="kept" />
          <span class="row-text" role="status">
            <span class="row-name wrap">{{
              t(keeping.persisted() ? 'settings.storage.kept' : 'settings.storage.mayGo')
            }}</span>
            <span class="row-line wrap">{{
              t(
                keeping.persisted()
                  ? 'settings.storage.keptHint'
                  : keeping.refused()
                    ? 'settings.storage.refused'
                    : 'settings.storage.mayGoHint'
              )
            }}</span>
          </span>
          @if (!keeping.persisted() && keeping.canAsk) {
            <button class="button small" (click)="keeping.ask()">{{ t('settings.storage.keep') }}</button>
          }
        </div>
        <div class="row">
          <parley-icon [svg]="offline" />
          <span class="row-text">
            <span class="row-name">{{ t('settings.storage.offline') }}</span>
            <span class="row-line wrap">{{ t(offlineWords()) }}</span>
          </span>
        </div>
      </div>
      <parley-trust-missing class="trust" />
    </parley-setting-page>
  `,
  styles: '.wrap { white-space: normal } .lead { padding-bottom: 16px } .trust { display: block; margin-top: 16px }',
})
export class StoragePage {
  readonly #words = inject(Words);
  protected readonly t = laterWords();
  protected readonly hardDrive = hardDrive;
  protected readonly kept = archive;
  protected readonly offline = wifiOff;

  readonly #start = inject(OfflineStart);
  protected readonly offlineWords = computed(() => OFFLINE_WORDS[this.#start.state()]);

  readonly #storage = inject(STORAGE);
  readonly #bytes = signal<number | null>(null);
  protected readonly keeping = inject(KeptStorage);

  protected readonly used = computed(() => {
    const bytes = this.#bytes();
    if (bytes === null) return this.t('settings.storage.unknown');
    const format = { style: 'unit', unit: 'megabyte', maximumFractionDigits: 1 } as const;
    return new Intl.NumberFormat(this.#words.locale(), format).format(bytes / 1e6);
  });

  constructor() {
    void this.#look();
  }

  async #look(): Promise<void> {
    // Not there on plain http or in an old browser: then nothing is known, which is what the page says.
    const estimate = await this.#storage?.estimate?.().catch(() => undefined);
    this.#bytes.set(estimate?.usage ?? null);
  }
}
