import { Component, inject } from '@angular/core';
import { Words } from '../../i18n/words';
import { OfflineStart, TRUST_STEPS } from './offline-start';

/** What does not work, and why, where the browser does not trust the certificate; nothing elsewhere. */
@Component({
  selector: 'parley-trust-missing',
  template: `
    <div role="status">
      @if (start.state() === 'untrusted') {
        <p class="note attention">
          {{ t('trust.missing') }} <a [href]="steps">{{ t('trust.steps') }}</a>
        </p>
      }
    </div>
  `,
  styles: `
    .note {
      margin-bottom: 16px;
    }

    a {
      display: block;
      width: fit-content;
      padding-top: 8px;
      color: inherit;
      font-weight: 600;
    }
  `,
})
export class TrustMissing {
  protected readonly start = inject(OfflineStart);
  protected readonly steps = TRUST_STEPS;
  protected readonly t = inject(Words).t;
}
