import { Component, computed, inject, signal } from '@angular/core';
import { type Settings } from '#protocol/api/account';
import { iceServers } from '#protocol/ice-servers';
import { laterWords } from '../../i18n/later-words';
import { Account } from '../account/account';
import { Api } from '../account/api';
import { FailureWords } from '../account/failure-words';
import { Toast } from '../look/toast';
import { relaysOf } from './call-paths';
import { OwnAccount } from './own-account';
import { SettingPage } from './setting-page';
import { SwitchRow } from './switch-row';

/** What others get to know. */
@Component({
  selector: 'parley-privacy-page',
  imports: [SettingPage, SwitchRow],
  template: `
    <parley-setting-page heading="settings.privacy.title">
      <div class="card">
        <parley-switch-row
          [label]="t('settings.privacy.receipts')"
          [hint]="t('settings.privacy.receiptsHint')"
          [on]="receipts()"
          [disabled]="busy()"
          (changed)="set({ readReceipts: $event })"
        />
        <parley-switch-row
          [label]="t('settings.privacy.relay')"
          [hint]="t(hasRelay() === false ? 'settings.privacy.relayNone' : 'settings.privacy.relayHint')"
          [on]="relay()"
          [disabled]="busy() || (hasRelay() === false && !relay())"
          (changed)="set({ relayCalls: $event })"
        />
      </div>
    </parley-setting-page>
  `,
})
export class PrivacyPage {
  protected readonly t = laterWords();
  readonly #me = inject(Account).me;
  readonly #own = inject(OwnAccount);
  readonly #failures = inject(FailureWords);
  readonly #toast = inject(Toast);

  protected readonly busy = signal(false);
  /** What was chosen while the server has not answered yet. */
  readonly #chosen = signal<Partial<Settings>>({});
  readonly #settings = computed((): Settings => ({
    ...(this.#me()?.settings ?? { readReceipts: true }),
    ...this.#chosen(),
  }));
  protected readonly receipts = computed(() => this.#settings().readReceipts);
  protected readonly relay = computed(() => this.#settings().relayCalls === true);
  /** Undefined until the server has answered. */
  protected readonly hasRelay = signal<boolean | undefined>(undefined);

  constructor() {
    void inject(Api)
      .request('POST', '/api/ice-servers', { body: { for: 'test' }, answer: iceServers })
      .then(servers => servers.ok && this.hasRelay.set(relaysOf(servers.value).length > 0));
  }

  protected async set(change: Partial<Settings>): Promise<void> {
    this.#chosen.set(change);
    this.busy.set(true);
    const done = await this.#own.settings(this.#settings());
    this.busy.set(false);
    this.#chosen.set({});
    if (!done.ok) this.#toast.say(this.#failures.say(done.error));
  }
}
