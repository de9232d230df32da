import { Component, effect, inject } from '@angular/core';
import shield from 'lucide-static/icons/shield.svg';
import x from 'lucide-static/icons/x.svg';
import { laterWords } from '../../i18n/later-words';
import { Icon } from '../look/icon';
import { Comparing } from './comparing';

/** Long enough to be read twice and answered, ms; the emoji stay where they are. */
const SHOWN_MS = 30_000;

/** What the four emoji are for. It goes by itself. */
@Component({
  selector: 'parley-code-strip',
  imports: [Icon],
  template: `
    @if (comparing.hints()) {
      <div>
        <parley-icon [svg]="icons.shield" />
        <p>{{ t('call.code.hint') }}</p>
        <button class="compare" (click)="comparing.open()">{{ t('call.code.compare') }}</button>
        <button class="hide" (click)="comparing.hideHint()" [attr.aria-label]="t('call.code.dismiss')">
          <parley-icon [svg]="icons.x" />
        </button>
      </div>
    }
  `,
  styles: `
    :host {
      align-self: stretch;
    }

    div {
      display: flex;
      align-items: center;
      gap: 8px;
      padding: 10px 2px 10px 14px;
      border-radius: 18px;
      background: #0b1110d9;
      font-size: 14px;
    }

    parley-icon {
      --icon-size: 18px;
      flex: none;
    }

    p {
      flex: 1;
      min-width: 0;
    }

    button {
      flex: none;
      min-width: var(--target);
      min-height: var(--target);
      border: 0;
      border-radius: 22px;
      background: #ffffff2e;
      color: #ffffff;
      font-weight: 600;
      cursor: pointer;
    }

    .compare {
      padding: 0 12px;
    }

    .hide {
      display: grid;
      place-items: center;
      margin-inline-start: -8px;
      background: none;
    }

    button:hover {
      background: #ffffff42;
    }

    @media (width < 360px) {
      div > parley-icon {
        display: none;
      }
    }

    @media (width >= 900px) {
      div {
        width: fit-content;
      }
    }
  `,
})
export class CodeStrip {
  protected readonly comparing = inject(Comparing);
  protected readonly t = laterWords();
  protected readonly icons = { shield, x };

  constructor() {
    effect(stop => {
      if (!this.comparing.hints()) return;
      const timer = setTimeout(() => this.comparing.hideHint(), SHOWN_MS);
      stop(() => clearTimeout(timer));
    });
  }
}
