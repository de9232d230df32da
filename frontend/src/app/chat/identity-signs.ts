import { Component } from '@angular/core';
import shieldAlert from 'lucide-static/icons/shield-alert.svg';
import shieldCheck from 'lucide-static/icons/shield-check.svg';
import { laterWords } from '../../i18n/later-words';
import { Icon } from '../look/icon';

/** The sign beside the name of somebody with another identity than before. */
@Component({
  selector: 'parley-new-identity-sign',
  imports: [Icon],
  template: '<parley-icon [svg]="shieldAlert" />',
  styles: `
    parley-icon {
      --icon-size: 1.125rem;
      margin-inline-start: 6px;
      vertical-align: -3px;
      color: var(--accent);
    }
  `,
})
export class NewIdentitySign {
  protected readonly shieldAlert = shieldAlert;
}

/** The sign beside the name of somebody with whom this person has compared. */
@Component({
  selector: 'parley-verified-sign',
  imports: [Icon],
  template: `<parley-icon [svg]="shieldCheck" /><span class="unseen">{{ t('verify.shield') }}</span>`,
  styles: `
    parley-icon {
      --icon-size: 1.125rem;
      margin-inline-start: 6px;
      vertical-align: -3px;
      color: var(--good);
    }
  `,
})
export class VerifiedSign {
  protected readonly t = laterWords();
  protected readonly shieldCheck = shieldCheck;
}

/** In the header of a conversation, in the place of whether somebody is there: they may be somebody else. */
@Component({
  selector: 'parley-new-identity-line',
  template: `{{ t('keys.identity.line') }}`,
  styles: `
    :host {
      display: block;
      overflow: hidden;
      color: var(--accent);
      font-size: 0.875rem;
      line-height: 1.3;
      white-space: nowrap;
      text-overflow: ellipsis;
    }
  `,
})
export class NewIdentityLine {
  protected readonly t = laterWords();
}
