import { Component, inject, input, model } from '@angular/core';
import eye from 'lucide-static/icons/eye.svg';
import eyeOff from 'lucide-static/icons/eye-off.svg';
import { Words } from '../../i18n/words';
import { Icon } from '../look/icon';
import { TextField } from '../look/text-field';

/** A field for a password, with a button that shows what is typed. What is put inside stands under the field. */
@Component({
  selector: 'parley-password-field',
  imports: [Icon, TextField],
  template: `
    <parley-text-field
      [label]="label()"
      [(value)]="value"
      [type]="shown() ? 'text' : 'password'"
      [autocomplete]="autocomplete()"
      [name]="'password'"
      [hint]="hint()"
      [wrong]="wrong()"
      [longest]="256"
    >
      <button
        class="icon-button"
        type="button"
        [attr.aria-pressed]="shown()"
        [attr.aria-label]="t('account.showPassword')"
        (click)="shown.set(!shown())"
      >
        <parley-icon [svg]="shown() ? eyeOff : eye" />
      </button>
      <ng-content under ngProjectAs="[under]" />
    </parley-text-field>
  `,
})
export class PasswordField {
  readonly value = model('');
  readonly shown = model(false);
  readonly label = input.required<string>();
  readonly hint = input('');
  readonly wrong = input(false);
  readonly autocomplete = input<AutoFill>('current-password');

  protected readonly t = inject(Words).t;
  protected readonly eye = eye;
  protected readonly eyeOff = eyeOff;
}
