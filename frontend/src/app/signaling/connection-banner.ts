import { Component, computed, effect, inject, linkedSignal, signal } from '@angular/core';
import { toSignal } from '@angular/core/rxjs-interop';
import { fromEvent, map, merge } from 'rxjs';
import refresh from 'lucide-static/icons/refresh-cw.svg';
import wifiOff from 'lucide-static/icons/wifi-off.svg';
import { Words } from '../../i18n/words';
import { Icon } from '../look/icon';
import { NewVersion } from '../worker/new-version';
import { OfflineStart, TRUST_STEPS } from '../worker/offline-start';
import { type Banner, bannerOf, ELSEWHERE_AFTER_MS, SHOWN_AFTER_MS, steadyBanner } from './banner';
import { otherOrigins, rememberedOrigins, rememberOrigins } from './other-origins';
import { Signaling } from './signaling';

/** One quiet line that says what happens while there is no connection, and what one can do; nothing while all is well. */
@Component({
  selector: 'parley-connection-banner',
  imports: [Icon],
  template: `
    <div role="status">
      @if (shown(); as line) {
        <div class="banner">
          <parley-icon [svg]="isTrying() ? refresh : wifiOff" />
          <span class="words">{{ say(line.words) }}</span>
          @if (line.act; as act) {
            <button type="button" class="button small text" (click)="do(act)">{{ say(act) }}</button>
          }
        </div>
        @if (others(); as links) {
          <p class="others">
            <span class="words">{{ t('signaling.elsewhere') }}</span>
            @for (link of links; track link.href) {
              <a [href]="link.href" dir="ltr">{{ link.host }}</a>
            }
          </p>
        }
        @if (isUntrusted()) {
          <p class="others">
            <span class="words">{{ t('trust.short') }}</span> <a [href]="steps">{{ t('trust.steps') }}</a>
          </p>
        }
      }
    </div>
  `,
  styles: `
    :host {
      display: block;
      flex: none;
    }

    :host:has(.banner) {
      margin-bottom: 8px;
    }

    .banner {
      flex-wrap: wrap;
      row-gap: 0;
      animation: appear var(--slow) var(--ease);
    }

    .banner .words {
      flex: 1 1 180px;
    }

    .others {
      display: flex;
      flex-wrap: wrap;
      column-gap: 16px;
      padding: 4px 16px 4px 44px;
      background: var(--accent-container);
      color: var(--on-accent-container);
      font-size: 0.90625rem;
      line-height: 1.35;
    }

    .others .words {
      flex-basis: 100%;
    }

    .others a {
      padding-block: 8px;
      color: inherit;
      font-weight: 600;
      overflow-wrap: anywhere;
    }

    .button.text {
      flex: none;
      margin-inline-start: auto;
      color: inherit;
      text-decoration: underline;
    }

    @keyframes appear {
      from {
        opacity: 0;
      }
    }
  `,
})
export class ConnectionBanner {
  readonly #signaling = inject(Signaling);
  readonly #online = toSignal(
    merge(fromEvent(window, 'online'), fromEvent(window, 'offline')).pipe(map(() => navigator.onLine)),
    { initialValue: navigator.onLine },
  );
  readonly #version = inject(NewVersion);
  readonly #isLate = signal(false);
  readonly #isLong = signal(false);
  readonly #isAway = computed(() => this.#signaling.status().is !== 'live');

  readonly #start = inject(OfflineStart);

  protected readonly t = inject(Words).t;
  protected readonly steps = TRUST_STEPS;
  protected readonly wifiOff = wifiOff;
  protected readonly refresh = refresh;
  protected readonly shown = linkedSignal<Banner | null, Banner | null>({
    source: () => bannerOf(this.#signaling.status(), this.#online(), this.#isLate()),
    computation: (now, before) => steadyBanner(now, before?.value),
  });
  protected readonly isTrying = computed(() => this.#signaling.status().is === 'connecting');

  /** iOS refuses the socket without trust, and there is nothing to see of why. */
  protected readonly isUntrusted = computed(() => this.#isLong() && this.#start.state() === 'untrusted');
  /** An address that has changed hands never answers again: the same server may be at another. */
  protected readonly others = computed(() => {
    if (!this.#isLong() || !this.#online()) return null;
    const links = otherOrigins(rememberedOrigins(), location.origin).map(href => ({ href, host: new URL(href).host }));
    return links.length > 0 ? links : null;
  });

  constructor() {
    // A reconnect that takes a moment is nobody's business.
    effect(stop => {
      this.#isLate.set(false);
      this.#isLong.set(false);
      if (!this.#isAway()) return;
      const timers = [
        setTimeout(() => this.#isLate.set(true), SHOWN_AFTER_MS),
        setTimeout(() => this.#isLong.set(true), ELSEWHERE_AFTER_MS),
      ];
      stop(() => timers.forEach(clearTimeout));
    });
    effect(() => {
      const welcome = this.#signaling.welcome();
      if (welcome) rememberOrigins(welcome.origins);
    });
  }

  protected say(word: Banner['words'] | NonNullable<Banner['act']>): string {
    return this.t(`signaling.${word}`);
  }

  protected do(act: 'retry' | 'takeBack' | 'update'): void {
    if (act === 'update') void this.#version.use();
    else this.#signaling.reconnect();
  }
}
