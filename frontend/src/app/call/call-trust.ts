import { Component, computed, inject, input } from '@angular/core';
import shield from 'lucide-static/icons/shield.svg';
import shieldCheck from 'lucide-static/icons/shield-check.svg';
import { laterWords } from '../../i18n/later-words';
import { Icon } from '../look/icon';
import { Comparing } from './comparing';

/** Whether the other person is verified; where not, the four emoji that lead there. Never both. */
@Component({
  selector: 'parley-call-trust',
  imports: [Icon],
  host: { '[class.short]': 'short()' },
  template: `
    @if (isVerified() === true) {
      <span class="verified">
        <parley-icon [svg]="icons.shieldCheck" /><span class="word">{{ t('call.code.verified') }}</span>
      </span>
    } @else if (isVerified() === false && emoji(); as four) {
      <button (click)="comparing.open()" [attr.aria-label]="label()">
        <span class="four">
          @for (one of four; track $index) {
            <span>{{ one[0] }}</span>
          }
        </span>
        <span class="not">{{ t('call.code.notVerified') }}</span>
      </button>
    } @else if (isVerified() === false) {
      <span class="not">
        @if (short()) {
          <parley-icon [svg]="icons.shield" />
        }
        <span class="word">{{ t('call.code.notVerified') }}</span>
      </span>
    }
    @if (!short()) {
      <p class="unseen" role="status">{{ said() }}</p>
    }
  `,
  styles: `
    :host(:not(.short)) {
      position: absolute;
      z-index: 4;
      inset: calc(14px + var(--safe-top)) calc(12px + var(--safe-right)) auto auto;
    }

    button {
      display: grid;
      justify-items: end;
      gap: 4px;
      min-height: var(--target);
      padding: 4px 0 0;
      border: 0;
      background: none;
      cursor: pointer;
    }

    .four {
      display: flex;
      gap: 8px;
      padding: 4px 12px;
      border-radius: 16px;
      background: #0b1110b3;
      font-size: 18px;
      line-height: 24px;
    }

    button:hover .four {
      background: #26322fe6;
    }

    .not {
      padding: 1px 8px;
      border-radius: 8px;
      background: #0b1110b3;
      color: #ffdfbd;
      font-size: 13px;
      font-weight: 600;
      white-space: nowrap;
    }

    .verified {
      display: flex;
      align-items: center;
      gap: 7px;
      margin-top: 6px;
      padding: 5px 13px;
      border-radius: 17px;
      background: #0b1110b3;
      color: #93e6a8;
      font-size: 14px;
      font-weight: 600;
      white-space: nowrap;
    }

    parley-icon {
      --icon-size: 16px;
    }

    :host(.short) :is(.verified, .not) {
      display: flex;
      align-items: center;
      gap: 4px;
      margin: 0;
      padding: 0;
      background: none;
      font-size: inherit;
    }

    @media (width >= 900px) {
      :host(:not(.short)) {
        inset: 24px 28px auto auto;
      }
    }

    @media (width < 480px) {
      /* The icon says it; the name needs the room. */
      :host(.short) .word {
        position: absolute;
        clip-path: inset(50%);
        width: 1px;
        height: 1px;
        overflow: hidden;
      }
    }

    @media (width < 360px) {
      .four {
        gap: 4px;
        padding: 3px 9px;
        font-size: 15px;
        line-height: 20px;
      }
    }
  `,
})
export class CallTrust {
  protected readonly comparing = inject(Comparing);
  protected readonly t = laterWords();
  protected readonly icons = { shield, shieldCheck };

  /** Without the emoji: where there is no room for them. */
  readonly short = input(false);

  protected readonly isVerified = this.comparing.isVerified;
  protected readonly emoji = computed(() => (this.short() ? null : this.comparing.emoji()));
  readonly #names = computed(() => this.comparing.names().join(', '));
  protected readonly label = computed(
    () => `${this.t('call.code.notVerified')}. ${this.t('call.code.pill', { emoji: this.#names() })}`,
  );
  /** By a screen reader, when it changes. */
  protected readonly said = computed(() => {
    const isVerified = this.isVerified();
    if (isVerified === null) return '';
    return isVerified
      ? this.t('call.code.verified')
      : [this.t('call.code.notVerified'), this.#names()].filter(Boolean).join('. ');
  });
}
