import { ChangeDetectionStrategy, Component, inject } from '@angular/core';
import { Words } from '../../i18n/words';

@Component({
  selector: 'parley-sign-in-page',
  changeDetection: ChangeDetectionStrategy.OnPush,
  template: `<main>
    <h1 tabindex="-1">{{ t('account.signIn.title') }}</h1>
  </main>`,
})
export class SignInPage {
  protected readonly t = inject(Words).t;
}
