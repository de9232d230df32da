import { Component, computed, inject, input, signal } from '@angular/core';
import { RouterLink } from '@angular/router';
import { type Person } from '#protocol/api/account';
import scan from 'lucide-static/icons/scan-line.svg';
import shieldAlert from 'lucide-static/icons/shield-alert.svg';
import { laterWords } from '../../i18n/later-words';
import { TrustOf } from '../crypto/trust-of';
import { Icon } from '../look/icon';

/**
 * Asks whether somebody is still the person they were: nothing is sent to them until that is answered. Who had compared is
 * asked in the place of the composer; who had not, in a line above it.
 */
@Component({
  selector: 'parley-identity-question',
  imports: [Icon, RouterLink],
  template: `
    @if (compared()) {
      <section class="question" aria-labelledby="identity-question" role="alert">
        <h2 id="identity-question">{{ t('keys.identity.question', name()) }}</h2>
        <p>{{ t('keys.identity.compared', name()) }}</p>
        <a class="button wide strong" [routerLink]="compare()">
          <parley-icon [svg]="scan" />{{ t('keys.identity.compare') }}
        </a>
        <button type="button" class="button wide" [disabled]="busy()" (click)="accept()">
          {{ t('keys.identity.asked', name()) }}
        </button>
        <p class="weak">{{ t('keys.identity.ask') }}</p>
      </section>
    } @else {
      <div class="line" role="status">
        <parley-icon [svg]="shieldAlert" />
        <p>{{ t('keys.identity.changed', name()) }}</p>
        <a class="button small text" [routerLink]="compare()">{{ t('keys.identity.compare') }}</a>
        <button type="button" class="button small text" [disabled]="busy()" (click)="accept()">
          {{ t('keys.identity.accept', name()) }}
        </button>
      </div>
    }
  `,
  styles: `
    :host {
      display: block;
      flex: none;
      background: var(--accent-container);
      color: var(--on-accent-container);
    }

    .question {
      display: grid;
      gap: 10px;
      max-width: 40rem;
      margin-inline: auto;
      padding: 20px 20px calc(18px + var(--safe-bottom));
    }

    :host:has(.question) {
      border-radius: var(--radius-large) var(--radius-large) 0 0;
    }

    h2 {
      font-size: 1.1875rem;
    }

    .question .button {
      border: 1.5px solid currentColor;
      background: transparent;
      color: inherit;
    }

    .question .strong {
      border-color: transparent;
      background: var(--accent);
      color: var(--accent-container);
    }

    .weak {
      font-size: 0.875rem;
      text-align: center;
    }

    .line {
      display: flex;
      flex-wrap: wrap;
      align-items: center;
      gap: 4px 10px;
      padding: 8px 8px 8px 16px;
      font-size: 0.90625rem;
    }

    .line parley-icon {
      --icon-size: 1.25rem;
      flex: none;
    }

    .line p {
      flex: 1 1 14rem;
    }

    .line p + .button {
      margin-inline-start: auto;
    }

    .line .button {
      color: inherit;
      text-decoration: underline;
    }
  `,
})
export class IdentityQuestion {
  readonly person = input.required<Person>();
  /** Whether the identity before this one was compared. */
  readonly compared = input.required<boolean>();

  readonly #trust = inject(TrustOf);
  protected readonly t = laterWords();
  protected readonly shieldAlert = shieldAlert;
  protected readonly scan = scan;
  protected readonly name = computed(() => ({ name: this.person().displayName }));
  /** The strong way to find out. */
  protected readonly compare = computed(() => ['/contacts', this.person().id, 'verify']);
  protected readonly busy = signal(false);

  protected async accept(): Promise<void> {
    this.busy.set(true);
    await this.#trust.accept(this.person().id).finally(() => this.busy.set(false));
  }
}
