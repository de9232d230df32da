import { Component, computed, inject } from '@angular/core';
import { RouterLink } from '@angular/router';
import history from 'lucide-static/icons/history.svg';
import key from 'lucide-static/icons/key-round.svg';
import lock from 'lucide-static/icons/lock-keyhole.svg';
import shieldAlert from 'lucide-static/icons/shield-alert.svg';
import { laterWords } from '../../i18n/later-words';
import { type Key, Words } from '../../i18n/words';
import { Icon } from '../look/icon';
import { OwnKeys } from './own-keys';
import { ShuttingOut } from './shutting-out';

interface Card {
  readonly icon: string;
  readonly words: Key;
  /** Absent: there is nothing to be done. */
  readonly action?: Key;
  readonly link?: string;
  /** Something is wrong, and not only to be done. */
  readonly loud?: true;
}

const KEYS = '/settings/keys';
const CARDS = {
  none: { icon: lock, words: 'keys.card.none', action: 'keys.card.lock', link: KEYS },
  locked: { icon: lock, words: 'keys.card.locked', action: 'keys.card.open', link: KEYS },
  replaced: { icon: shieldAlert, words: 'keys.card.replaced', action: 'keys.card.look', link: KEYS, loud: true },
  removed: { icon: shieldAlert, words: 'keys.card.removed', action: 'keys.card.look', link: KEYS, loud: true },
  closed: { icon: shieldAlert, words: 'keys.card.closed', action: 'keys.card.look', link: KEYS, loud: true },
  unfinished: {
    icon: shieldAlert,
    words: 'keys.card.unfinished',
    action: 'keys.card.goOn',
    link: '/settings/devices/lost',
    loud: true,
  },
  code: { icon: key, words: 'keys.card.code', action: 'keys.card.show', link: '/settings/recovery-code' },
  backup: { icon: history, words: 'keys.card.backup', loud: true },
} as const satisfies Record<string, Card>;

/** Above the list of chats: what this person's key wants of them, one thing at a time, and how their history comes back. */
@Component({
  selector: 'parley-keys-card',
  imports: [Icon, RouterLink],
  template: `
    <div role="status">
      @if (card(); as one) {
        <div class="note card-of-keys" [class.attention]="one.loud">
          <parley-icon [svg]="one.icon" />
          <p>{{ t(one.words) }}</p>
          @if (one.action) {
            <a class="button small" [class.tonal]="!one.loud" [routerLink]="one.link">{{ t(one.action) }}</a>
          }
        </div>
      }
    </div>
    @if (restored(); as percent) {
      <div class="note">
        <div class="title">
          <parley-icon [svg]="icons.history" />
          <h2 id="restoring">{{ t('keys.restoring.title') }}</h2>
          <span class="dim">{{ percent.text }}</span>
        </div>
        <progress aria-labelledby="restoring" max="1" [value]="percent.share"></progress>
        <p class="dim">{{ t('keys.restoring.hint') }}</p>
      </div>
    }
  `,
  styles: `
    :host {
      display: block;
      flex: none;
    }

    .note {
      margin: 0 16px 8px;
    }

    .card-of-keys {
      display: flex;
      flex-wrap: wrap;
      align-items: center;
      gap: 8px 12px;
      padding-inline-end: 12px;
    }

    .card-of-keys p {
      flex: 1 1 12rem;
    }

    .card-of-keys .button {
      margin-inline-start: auto;
    }

    parley-icon {
      --icon-size: 1.25rem;
      flex: none;
      color: var(--primary);
    }

    .attention parley-icon {
      color: inherit;
    }

    .title {
      display: flex;
      align-items: center;
      gap: 10px;
    }

    h2 {
      flex: 1;
      font-size: 0.96875rem;
      font-weight: 600;
      letter-spacing: 0;
    }

    progress {
      display: block;
      width: 100%;
      height: 6px;
      margin: 8px 0;
      border: 0;
      border-radius: 3px;
      overflow: hidden;
      appearance: none;
      background: var(--surface-high);
    }

    progress::-webkit-progress-bar {
      background: var(--surface-high);
    }

    progress::-webkit-progress-value {
      border-radius: 3px;
      background: var(--primary);
      transition: width var(--slow);
    }

    progress::-moz-progress-bar {
      border-radius: 3px;
      background: var(--primary);
    }
  `,
})
export class KeysCard {
  readonly #keys = inject(OwnKeys);
  readonly #shuttingOut = inject(ShuttingOut);
  readonly #locale = inject(Words).locale;
  protected readonly t = laterWords();
  protected readonly icons = { history };

  protected readonly card = computed((): Card | null => {
    const state = this.#keys.state();
    if (state !== 'own' && state !== 'unknown') return CARDS[state];
    if (this.#shuttingOut.replaces() !== null) return CARDS.unfinished;
    if (this.#keys.owedCode()) return CARDS.code;
    return this.#keys.restoring() === 'refused' ? CARDS.backup : null;
  });
  protected readonly restored = computed(() => {
    const restoring = this.#keys.restoring();
    if (!restoring || restoring === 'refused') return null;
    const share = restoring.done / Math.max(1, restoring.done + restoring.left);
    return { share, text: new Intl.NumberFormat(this.#locale(), { style: 'percent' }).format(share) };
  });
}
