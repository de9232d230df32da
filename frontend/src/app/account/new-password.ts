import { Component, computed, inject, input, model, signal } from '@angular/core';
import { Words } from '../../i18n/words';
import { makePassword } from './made-password';
import { PasswordField } from './password-field';
import { isAccepted, passwordStrength } from './password-strength';
import { STRENGTH_HINTS, StrengthMeter } from './strength-meter';

/** A password that is being chosen: how strong it is in words, and one that is made where none comes to mind. */
@Component({
  selector: 'parley-new-password',
  imports: [PasswordField, StrengthMeter],
  template: `
    @if (username(); as name) {
      <!-- A password manager keeps the password under it. -->
      <input class="unseen" autocomplete="username" tabindex="-1" aria-hidden="true" [value]="name" readonly />
    }
    <parley-password-field
      [label]="label()"
      [(value)]="value"
      [(shown)]="shown"
      autocomplete="new-password"
      [wrong]="tried() && !isAccepted()"
      [hint]="hint()"
    >
      @if (value() || tried()) {
        <parley-strength-meter [strength]="strength()" />
      }
    </parley-password-field>
    @if (!value()) {
      <button class="button text small" type="button" (click)="make()">{{ t('account.signUp.make') }}</button>
    }
  `,
  styles: `
    :host {
      display: block;
    }
    .button {
      margin-block: -3px -5px;
      padding-inline: 4px;
    }
  `,
})
export class NewPassword {
  readonly label = input.required<string>();
  readonly value = model('');
  /** The person's own, to which a password must not be too close. */
  readonly names = input<readonly string[]>([]);
  /** Whose password it is, where nothing else of the form says so. */
  readonly username = input<string>();
  protected readonly t = inject(Words).t;
  protected readonly shown = signal(false);
  /** Whether somebody has tried: only then is what is still empty called wrong. */
  protected readonly tried = signal(false);
  protected readonly strength = computed(() => passwordStrength(this.value(), this.names()));
  readonly isAccepted = computed(() => isAccepted(this.strength()));
  protected readonly hint = computed(() =>
    this.t(this.value() === '' && !this.tried() ? 'account.strength.empty' : STRENGTH_HINTS[this.strength()]),
  );

  /** Somebody wants to go on with it. @returns whether it is strong enough; where it is not, the field says why from now on */
  attempt(): boolean {
    this.tried.set(true);
    return this.isAccepted();
  }

  protected make(): void {
    this.value.set(makePassword());
    this.shown.set(true);
  }
}
