import { Component, inject, signal } from '@angular/core';
import { recoverySecret } from '#protocol/crypto/recovery-code';
import { laterWords } from '../../i18n/later-words';
import { FormFoot } from '../look/form-foot';
import { TextField } from '../look/text-field';
import { KeyDoor } from './key-door';

/** The recovery code, typed from paper; what is mistyped is said before anybody is asked. */
@Component({
  selector: 'parley-key-code',
  imports: [FormFoot, TextField],
  template: `
    <form (submit)="$event.preventDefault(); send()" novalidate>
      <parley-text-field
        [label]="t('keys.code.title')"
        [(value)]="code"
        name="recovery-code"
        autocapitalize="none"
        [longest]="100"
        [hint]="problem() || t('keys.code.hint')"
        [wrong]="problem() !== ''"
      />
      <parley-form-foot [action]="t('keys.open.action')" [doing]="t('keys.open.busy')" [busy]="door.busy()" />
    </form>
  `,
  styles: 'form { display: grid; gap: 14px }',
})
export class KeyCode {
  protected readonly t = laterWords();
  protected readonly door = inject(KeyDoor);
  protected readonly code = signal('');
  protected readonly problem = signal('');

  protected async send(): Promise<void> {
    if (this.door.busy()) return;
    const code = this.code();
    const secret = recoverySecret(code);
    if (typeof secret === 'string') return this.problem.set(this.t(`keys.code.${secret}`));
    this.problem.set('');
    const fault = await this.door.try(keys => keys.recover(code));
    if (fault) this.problem.set(this.t(fault));
  }
}
