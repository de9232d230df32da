import { ChangeDetectionStrategy, Component, computed, inject, signal } from '@angular/core';
import { Router, RouterLink } from '@angular/router';
import { displayName, normalizeDisplayName } from '#protocol/username';
import circleCheck from 'lucide-static/icons/circle-check.svg';
import { type Key, Words } from '../../i18n/words';
import { Icon } from '../look/icon';
import mark from '../look/mark.svg';
import { TextField } from '../look/text-field';
import { TrustMissing } from '../worker/trust-missing';
import { Account } from './account';
import { FailureWords } from './failure-words';
import { makePassword } from './made-password';
import { PasswordField } from './password-field';
import { isAccepted, passwordStrength } from './password-strength';
import { STRENGTH_HINTS, StrengthMeter } from './strength-meter';
import { type NameState, UsernameCheck } from './username-check';

const NAME_HINTS: Record<NameState, Key> = {
  empty: 'account.signUp.usernameHint',
  short: 'account.signUp.usernameShort',
  letters: 'account.signUp.usernameLetters',
  asking: 'account.signUp.usernameAsking',
  free: 'account.signUp.usernameHint',
  taken: 'account.failure.usernameTaken',
  unsure: 'account.signUp.usernameHint',
};

/** The door for those who are new. What was typed stays, whatever the server says. */
@Component({
  selector: 'parley-sign-up-page',
  changeDetection: ChangeDetectionStrategy.OnPush,
  imports: [Icon, PasswordField, RouterLink, StrengthMeter, TextField, TrustMissing],
  providers: [UsernameCheck],
  templateUrl: './sign-up-page.html',
  styleUrl: './door.css',
})
export class SignUpPage {
  readonly #account = inject(Account);
  readonly #failureWords = inject(FailureWords);
  readonly #router = inject(Router);
  protected readonly username = inject(UsernameCheck);
  protected readonly t = inject(Words).t;
  protected readonly icons = { mark, circleCheck };

  protected readonly name = signal('');
  protected readonly password = signal('');
  protected readonly shown = signal(false);
  protected readonly busy = signal(false);
  protected readonly failure = signal('');
  /** Whether somebody has tried: only then is what is still empty called wrong. */
  protected readonly tried = signal(false);

  protected readonly strength = computed(() => passwordStrength(this.password(), [this.name(), this.username.name()]));
  protected readonly nameWrong = computed(
    () => this.tried() && !displayName.safeParse(normalizeDisplayName(this.name())).success,
  );
  protected readonly usernameWrong = computed(() => {
    const state = this.username.state();
    return state === 'letters' || state === 'taken' || (this.tried() && (state === 'empty' || state === 'short'));
  });
  protected readonly passwordWrong = computed(() => this.tried() && !isAccepted(this.strength()));

  protected readonly usernameHint = computed(() => this.t(NAME_HINTS[this.username.state()]));
  protected readonly passwordHint = computed(() =>
    this.password() === '' && !this.tried()
      ? this.t('account.strength.empty')
      : this.t(STRENGTH_HINTS[this.strength()]),
  );

  protected makeOne(): void {
    this.password.set(makePassword());
    this.shown.set(true);
  }

  protected async signUp(event: Event): Promise<void> {
    event.preventDefault();
    if (this.busy()) return;
    this.tried.set(true);
    this.failure.set('');
    if (this.nameWrong() || this.usernameWrong() || this.passwordWrong()) {
      return this.failure.set(this.t('account.signUp.mend'));
    }
    this.busy.set(true);
    const typed = { username: this.username.typed(), password: this.password(), displayName: this.name() };
    const outcome = await this.#account.register(typed);
    this.busy.set(false);
    if (outcome.ok) await this.#router.navigateByUrl('/');
    else this.failure.set(this.#failureWords.say(outcome.error));
  }
}
