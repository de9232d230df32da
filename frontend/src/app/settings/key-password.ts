import { Component, inject, input, signal } from '@angular/core';
import { type Result } from '#protocol/result';
import { laterWords } from '../../i18n/later-words';
import { PasswordField } from '../account/password-field';
import { type OwnKeys } from '../crypto/own-keys';
import { type UnlockFault } from '../crypto/unlock-fault';
import { FormFoot } from '../look/form-foot';
import { KeyDoor } from './key-door';

/** The password, for one of the things it does to this person's key. */
@Component({
  selector: 'parley-key-password',
  imports: [FormFoot, PasswordField],
  template: `
    <form (submit)="$event.preventDefault(); send()" novalidate>
      <parley-password-field
        [label]="t('account.password')"
        [(value)]="password"
        [hint]="problem()"
        [wrong]="problem() !== ''"
      />
      <parley-form-foot [action]="action()" [doing]="doing()" [busy]="door.busy()" />
    </form>
  `,
  styles: 'form { display: grid; gap: 14px }',
})
export class KeyPassword {
  readonly action = input.required<string>();
  readonly doing = input.required<string>();
  readonly way = input.required<(keys: OwnKeys, password: string) => Promise<Result<null, UnlockFault>>>();
  /** Asks once more, where that is due. */
  readonly sure = input<() => Promise<boolean>>(async () => true);

  protected readonly t = laterWords();
  protected readonly door = inject(KeyDoor);
  protected readonly password = signal('');
  protected readonly problem = signal('');

  protected async send(): Promise<void> {
    const password = this.password();
    if (this.door.busy()) return;
    if (password === '') return this.problem.set(this.t('keys.missing'));
    this.problem.set('');
    if (!(await this.sure()())) return;
    const fault = await this.door.try(keys => this.way()(keys, password));
    if (fault) this.problem.set(this.t(fault));
  }
}
