import { Component, computed, effect, inject, output } from '@angular/core';
import shieldCheck from 'lucide-static/icons/shield-check.svg';
import { laterWords } from '../../i18n/later-words';
import { Icon } from '../look/icon';
import { CallLink } from './call-link';
import { Comparing } from './comparing';
import { Peer } from './peer';
import { StageSheet } from './stage-sheet';

/** Four large emoji with their names, to be said aloud, and what one has heard. */
@Component({
  selector: 'parley-compare-sheet',
  imports: [Icon, StageSheet],
  template: `
    <parley-stage-sheet [title]="t('call.code.title')" (closed)="closed.emit()">
      <p>{{ t(seen() ? 'call.code.explain.video' : 'call.code.explain.audio', { name: peer.name() }) }}</p>
      <ul>
        @for (one of comparing.emoji(); track $index) {
          <li>
            <span class="emoji" aria-hidden="true">{{ one[0] }}</span>
            {{ comparing.names()[$index] }}
          </li>
        }
      </ul>
      @if (comparing.hasFailed()) {
        <p class="failed" role="alert">{{ t('call.code.failed', { name: peer.name() }) }}</p>
      }
      <button class="same" [disabled]="comparing.isSaving()" (click)="comparing.same()">
        <parley-icon [svg]="shieldCheck" />{{ t('call.code.same') }}
      </button>
      <button class="differ" [disabled]="comparing.isSaving()" (click)="comparing.differ()">
        {{ t('call.code.differ') }}
      </button>
      <p class="say">{{ t('call.code.notInChat') }}</p>
    </parley-stage-sheet>
  `,
  styles: `
    p {
      color: #ffffffd1;
      font-size: 0.9375rem;
    }

    ul {
      display: grid;
      grid-template-columns: repeat(4, minmax(0, 1fr));
      gap: 8px;
      margin: 18px 0 14px;
    }

    li {
      display: grid;
      justify-items: center;
      gap: 6px;
      padding: 10px 2px;
      border-radius: var(--radius);
      background: #ffffff14;
      font-size: 0.875rem;
      text-align: center;
      overflow-wrap: anywhere;
      hyphens: auto;
    }

    .emoji {
      font-size: 40px;
      line-height: 48px;
    }

    button {
      display: flex;
      align-items: center;
      justify-content: center;
      gap: 10px;
      width: 100%;
      min-height: 50px;
      border: 0;
      border-radius: 25px;
      font-weight: 600;
      cursor: pointer;
    }

    .same {
      background: #83dccb;
      color: #0d2723;
    }

    .differ {
      background: none;
      color: #ffb4a9;
    }

    .differ:hover {
      background: #ffffff14;
    }

    parley-icon {
      --icon-size: 19px;
    }

    .say {
      margin-top: 4px;
      font-size: 0.875rem;
      text-align: center;
    }

    .failed {
      margin-bottom: 12px;
      color: #ffb4a9;
    }
  `,
})
export class CompareSheet {
  readonly #link = inject(CallLink);
  protected readonly comparing = inject(Comparing);
  protected readonly peer = inject(Peer);
  protected readonly t = laterWords();
  protected readonly shieldCheck = shieldCheck;
  protected readonly seen = computed(() => this.#link.peer()?.video === 'camera');

  readonly closed = output();

  constructor() {
    effect(() => {
      // Verified, or of another call: there is nothing left to compare.
      if (this.comparing.emoji() === null) this.closed.emit();
    });
  }
}
