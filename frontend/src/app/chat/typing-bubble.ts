import { Component, inject, input } from '@angular/core';
import { Words } from '../../i18n/words';

/** Somebody is writing: three dots that breathe. */
@Component({
  selector: 'parley-typing-bubble',
  template: `
    <div class="dots" aria-hidden="true"><i></i><i></i><i></i></div>
    <span class="unseen">{{ t('chat.isTyping', { name: name() }) }}</span>
  `,
  styles: `
    :host {
      display: block;
      padding-top: 11px;
    }

    .dots {
      display: inline-flex;
      gap: 4px;
      padding: 12px 14px;
      border-radius: var(--radius-bubble);
      background: var(--other);
      animation: rise var(--slow) var(--ease);
    }

    i {
      width: 7px;
      height: 7px;
      border-radius: 50%;
      background: var(--on-surface-dim);
      animation: breathe 1.2s ease-in-out infinite alternate;
    }

    i:nth-child(2) {
      animation-delay: 0.2s;
    }

    i:nth-child(3) {
      animation-delay: 0.4s;
    }

    @keyframes rise {
      from {
        opacity: 0;
        translate: 0 8px;
      }
    }

    @keyframes breathe {
      to {
        opacity: 0.35;
      }
    }
  `,
})
export class TypingBubble {
  readonly name = input.required<string>();

  protected readonly t = inject(Words).t;
}
