import { Component, inject, input } from '@angular/core';
import { laterWords } from '../../i18n/later-words';
import { Account } from './account';

/** Whose unsent messages this device still has, and the way to be rid of them. */
@Component({
  selector: 'parley-waiting-note',
  template: `
    <div class="note attention">
      <p>{{ t('account.waiting.sentence', { name: name() }) }}</p>
      <button class="button small text" type="button" (click)="forget()">{{ t('account.waiting.delete') }}</button>
    </div>
  `,
  styles: `
    .note {
      margin-bottom: 16px;
    }

    .button {
      margin-top: 8px;
    }
  `,
})
export class WaitingNote {
  readonly #account = inject(Account);
  protected readonly t = laterWords();
  /** The username. */
  readonly name = input.required<string>();

  protected forget(): void {
    void this.#account.forgetWaiting();
  }
}
