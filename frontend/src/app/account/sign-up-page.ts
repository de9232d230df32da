import { ChangeDetectionStrategy, Component, inject } from '@angular/core';
import { Words } from '../../i18n/words';

@Component({
  selector: 'parley-sign-up-page',
  changeDetection: ChangeDetectionStrategy.OnPush,
  template: `<main>
    <h1 tabindex="-1">{{ t('account.signUp.title') }}</h1>
  </main>`,
})
export class SignUpPage {
  protected readonly t = inject(Words).t;
}
