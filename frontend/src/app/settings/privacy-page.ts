import { Component, computed, inject, signal } from '@angular/core';
import { Words } from '../../i18n/words';
import { Account } from '../account/account';
import { FailureWords } from '../account/failure-words';
import { Toast } from '../look/toast';
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
          (changed)="setReceipts($event)"
        />
      </div>
    </parley-setting-page>
  `,
})
export class PrivacyPage {
  protected readonly t = inject(Words).t;
  readonly #me = inject(Account).me;
  readonly #own = inject(OwnAccount);
  readonly #failures = inject(FailureWords);
  readonly #toast = inject(Toast);

  protected readonly busy = signal(false);
  /** What was chosen while the server has not answered yet. */
  readonly #chosen = signal<boolean | undefined>(undefined);
  protected readonly receipts = computed(() => this.#chosen() ?? this.#me()?.settings.readReceipts ?? true);

  protected async setReceipts(readReceipts: boolean): Promise<void> {
    this.#chosen.set(readReceipts);
    this.busy.set(true);
    const done = await this.#own.settings({ readReceipts });
    this.busy.set(false);
    this.#chosen.set(undefined);
    if (!done.ok) this.#toast.say(this.#failures.say(done.error));
  }
}
