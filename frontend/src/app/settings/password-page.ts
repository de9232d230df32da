import { ChangeDetectionStrategy, Component, computed, inject, signal } from '@angular/core';
import { Router } from '@angular/router';
import { Words } from '../../i18n/words';
import { Account } from '../account/account';
import { FailureWords } from '../account/failure-words';
import type { Failure } from '../account/fetch-json';
import { PasswordField } from '../account/password-field';
import { isAccepted, passwordStrength } from '../account/password-strength';
import { STRENGTH_HINTS, StrengthMeter } from '../account/strength-meter';
import { Toast } from '../look/toast';
import { OwnAccount } from './own-account';
import { SettingPage } from './setting-page';

/** A new password; every other device is signed out by it. */
@Component({
  selector: 'parley-password-page',
  changeDetection: ChangeDetectionStrategy.OnPush,
  imports: [PasswordField, SettingPage, StrengthMeter],
  template: `
    <parley-setting-page heading="settings.password.title">
      <form (submit)="$event.preventDefault(); change()">
        <input
          class="unseen"
          autocomplete="username"
          tabindex="-1"
          aria-hidden="true"
          [value]="me()?.username"
          readonly
        />
        <parley-password-field
          [label]="t('settings.password.current')"
          [(value)]="current"
          [hint]="problem()"
          [wrong]="problem() !== ''"
        />
        <parley-password-field
          [label]="t('settings.password.next')"
          [(value)]="next"
          [hint]="next() === '' ? '' : t(hints[strength()])"
          autocomplete="new-password"
        >
          @if (next() !== '') {
            <parley-strength-meter [strength]="strength()" />
          }
        </parley-password-field>
        <button class="button wide" [disabled]="!ready() || busy()">{{ t('settings.password.change') }}</button>
      </form>
    </parley-setting-page>
  `,
  styles: 'form { display: grid; gap: 14px }',
})
export class PasswordPage {
  protected readonly t = inject(Words).t;
  protected readonly me = inject(Account).me;
  readonly #own = inject(OwnAccount);
  readonly #failures = inject(FailureWords);
  readonly #toast = inject(Toast);
  readonly #router = inject(Router);

  protected readonly hints = STRENGTH_HINTS;
  protected readonly current = signal('');
  protected readonly next = signal('');
  protected readonly busy = signal(false);
  protected readonly problem = signal('');
  protected readonly strength = computed(() => {
    const me = this.me();
    return passwordStrength(this.next(), me ? [me.username, me.displayName] : []);
  });
  protected readonly ready = computed(() => this.current() !== '' && isAccepted(this.strength()));

  protected async change(): Promise<void> {
    if (!this.ready() || this.busy()) return;
    if (this.current() === this.next()) return this.problem.set(this.t('settings.password.same'));
    this.busy.set(true);
    const changed = await this.#own.changePassword(this.current(), this.next());
    this.busy.set(false);
    if (!changed.ok) return this.problem.set(this.#why(changed.error));
    this.#toast.say(this.t('settings.password.changed'));
    await this.#router.navigateByUrl('/settings/profile');
  }

  #why(failure: Failure): string {
    const wrong = failure.kind === 'problem' && failure.problem.type === 'wrong-credentials';
    return wrong ? this.t('settings.password.wrong') : this.#failures.say(failure);
  }
}
