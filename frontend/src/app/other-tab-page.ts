import { Component, inject, signal } from '@angular/core';
import { laterWords } from '../i18n/later-words';
import { EmptyState } from './look/empty-state';
import { OnlyTab } from './device/only-tab';

/** Stands in place of the app while another tab of this browser is Parley. */
@Component({
  selector: 'parley-other-tab-page',
  imports: [EmptyState],
  template: `
    <main>
      <h1 class="unseen">Parley</h1>
      <parley-empty-state
        [title]="t('account.otherTab.title')"
        [sentence]="t(warned() ? 'account.otherTab.call' : 'account.otherTab.sentence')"
      >
        <button class="button" (click)="use()">
          {{ t(warned() ? 'account.otherTab.endAndUse' : 'account.otherTab.use') }}
        </button>
      </parley-empty-state>
    </main>
  `,
  styles: 'main { height: 100dvh }',
})
export class OtherTabPage {
  protected readonly t = laterWords();
  readonly #tab = inject(OnlyTab);
  protected readonly warned = signal(false);

  protected async use(): Promise<void> {
    if (!this.warned() && (await this.#tab.othersCall())) this.warned.set(true);
    else this.#tab.takeOver();
  }
}
