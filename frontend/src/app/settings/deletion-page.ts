import { Component, inject, signal } from '@angular/core';
import { laterWords } from '../../i18n/later-words';
import { FailureWords } from '../account/failure-words';
import { PasswordField } from '../account/password-field';
import { Confirm } from '../look/confirm';
import { OwnAccount } from './own-account';
import { SettingPage } from './setting-page';

/** Deletes one's own account, after saying what that means and asking for the password. */
@Component({
  selector: 'parley-deletion-page',
  imports: [PasswordField, SettingPage],
  template: `
    <parley-setting-page heading="settings.deletion.title">
      <p class="note bad">{{ t('settings.deletion.lead') }}</p>
      <form (submit)="$event.preventDefault(); delete()">
        <parley-password-field
          [label]="t('settings.deletion.password')"
          [(value)]="password"
          [hint]="problem()"
          [wrong]="problem() !== ''"
        />
        <button class="button wide danger" [disabled]="password() === '' || busy()">
          {{ t('settings.deletion.delete') }}
        </button>
      </form>
    </parley-setting-page>
  `,
  styles: 'form { display: grid; gap: 14px; padding-top: 16px }',
})
export class DeletionPage {
  protected readonly t = laterWords();
  readonly #own = inject(OwnAccount);
  readonly #failures = inject(FailureWords);
  readonly #confirm = inject(Confirm);

  protected readonly password = signal('');
  protected readonly problem = signal('');
  protected readonly busy = signal(false);

  protected async delete(): Promise<void> {
    const sure = await this.#confirm.ask({
      title: this.t('settings.deletion.sure'),
      sentence: this.t('settings.deletion.sureSentence'),
      action: this.t('settings.deletion.delete'),
      danger: true,
    });
    if (!sure) return;
    this.busy.set(true);
    const deleted = await this.#own.delete(this.password());
    this.busy.set(false);
    if (!deleted.ok) this.problem.set(this.#failures.say(deleted.error));
  }
}
