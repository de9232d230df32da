import { Component, computed, inject, input, signal, viewChild } from '@angular/core';
import { laterWords } from '../../i18n/later-words';
import { Account } from '../account/account';
import { NewPassword } from '../account/new-password';
import { PasswordField } from '../account/password-field';
import { FormFoot } from '../look/form-foot';

/** What stands against a change, in the person's words: of the current password, or of everything. */
export interface NotChanged {
  readonly current?: string;
  readonly failure?: string;
}

/** The password of now and another one. */
@Component({
  selector: 'parley-password-change',
  imports: [FormFoot, NewPassword, PasswordField],
  template: `
    <form (submit)="$event.preventDefault(); send()" novalidate>
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
      <parley-form-foot [action]="action()" [doing]="doing()" [busy]="busy()" [failure]="failure()" />
    </form>
  `,
  styles: 'form { display: grid; gap: 14px }',
})
export class PasswordChange {
  readonly action = input.required<string>();
  readonly doing = input.required<string>();
  readonly change = input.required<(current: string, next: string) => Promise<NotChanged | null>>();

  protected readonly t = laterWords();
  protected readonly me = inject(Account).me;
  protected readonly current = signal('');
  protected readonly next = signal('');
  protected readonly busy = signal(false);
  protected readonly problem = signal('');
  protected readonly failure = signal('');
  protected readonly names = computed(() => {
    const me = this.me();
    return me ? [me.username, me.displayName] : [];
  });
  private readonly newPassword = viewChild.required(NewPassword);

  protected async send(): Promise<void> {
    if (this.busy()) return;
    const isAccepted = this.newPassword().attempt();
    this.#say({ current: this.current() === '' ? this.t('settings.password.missing') : '' });
    if (this.problem() || !isAccepted) return;
    if (this.current() === this.next()) return this.#say({ current: this.t('settings.password.same') });
    this.busy.set(true);
    const against = await this.change()(this.current(), this.next()).finally(() => this.busy.set(false));
    this.#say(against ?? {});
  }

  #say({ current = '', failure = '' }: NotChanged): void {
    this.problem.set(current);
    this.failure.set(failure);
  }
}
