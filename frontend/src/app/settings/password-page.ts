import { Component, computed, inject, signal, viewChild } from '@angular/core';
import { laterWords } from '../../i18n/later-words';
import { Account } from '../account/account';
import { FailureWords } from '../account/failure-words';
import type { Failure } from '../account/fetch-json';
import { Back } from '../look/back';
import { NewPassword } from '../account/new-password';
import { PasswordField } from '../account/password-field';
import { FormFoot } from '../look/form-foot';
import { Toast } from '../look/toast';
import { OwnAccount } from './own-account';
import { SettingPage } from './setting-page';

/** A new password; every other device is signed out by it. */
@Component({
  selector: 'parley-password-page',
  imports: [FormFoot, NewPassword, PasswordField, SettingPage],
  template: `
    <parley-setting-page heading="settings.password.title">
      <form (submit)="$event.preventDefault(); change()" novalidate>
        <parley-password-field
          [label]="t('settings.password.current')"
          [(value)]="current"
          [hint]="problem()"
          [wrong]="problem() !== ''"
        />
        <parley-new-password
          [label]="t('settings.password.next')"
          [(value)]="next"
          [names]="names()"
          [username]="me()?.username"
        />
        <parley-form-foot
          [action]="t('settings.password.change')"
          [doing]="t('invitations.reset.busy')"
          [busy]="busy()"
        />
      </form>
    </parley-setting-page>
  `,
  styles: 'form { display: grid; gap: 14px }',
})
export class PasswordPage {
  protected readonly t = laterWords();
  protected readonly me = inject(Account).me;
  readonly #own = inject(OwnAccount);
  readonly #failures = inject(FailureWords);
  readonly #toast = inject(Toast);
  readonly #back = inject(Back);

  protected readonly current = signal('');
  protected readonly next = signal('');
  protected readonly busy = signal(false);
  protected readonly problem = signal('');
  protected readonly names = computed(() => {
    const me = this.me();
    return me ? [me.username, me.displayName] : [];
  });
  private readonly newPassword = viewChild.required(NewPassword);

  protected async change(): Promise<void> {
    if (this.busy()) return;
    const isAccepted = this.newPassword().attempt();
    this.problem.set(this.current() === '' ? this.t('settings.password.missing') : '');
    if (this.problem() || !isAccepted) return;
    if (this.current() === this.next()) return this.problem.set(this.t('settings.password.same'));
    this.busy.set(true);
    const changed = await this.#own.changePassword(this.current(), this.next());
    this.busy.set(false);
    if (!changed.ok) return this.problem.set(this.#why(changed.error));
    this.#toast.say(this.t('settings.password.changed'));
    await this.#back.go('/settings/profile');
  }

  #why(failure: Failure): string {
    const wrong = failure.kind === 'problem' && failure.problem.type === 'wrong-credentials';
    return wrong ? this.t('settings.password.wrong') : this.#failures.say(failure);
  }
}
