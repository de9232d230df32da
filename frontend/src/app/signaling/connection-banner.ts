import { ChangeDetectionStrategy, Component, computed, effect, inject, signal } from '@angular/core';
import { toSignal } from '@angular/core/rxjs-interop';
import { fromEvent, map, merge } from 'rxjs';
import refresh from 'lucide-static/icons/refresh-cw.svg';
import wifiOff from 'lucide-static/icons/wifi-off.svg';
import { Words } from '../../i18n/words';
import { Icon } from '../look/icon';
import { NewVersion } from '../worker/new-version';
import { type Banner, bannerOf, SHOWN_AFTER_MS } from './banner';
import { Signaling } from './signaling';

/** One quiet line that says what happens while there is no connection, and what one can do; nothing while all is well. */
@Component({
  selector: 'parley-connection-banner',
  changeDetection: ChangeDetectionStrategy.OnPush,
  imports: [Icon],
  template: `
    <div role="status">
      @if (shown(); as line) {
        <div class="banner">
          <parley-icon [svg]="line.words === 'connecting' ? refresh : wifiOff" />
          <span class="words">{{ say(line.words) }}</span>
          @if (line.act; as act) {
            <button type="button" class="button small text" (click)="do(act)">{{ say(act) }}</button>
          }
        </div>
      }
    </div>
  `,
  styles: `
    :host {
      display: block;
      flex: none;
    }

    .words {
      flex: 1;
    }

    .banner {
      animation: appear var(--slow) var(--ease);
    }

    .button.text {
      flex: none;
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
  readonly #isAway = computed(() => this.#signaling.status().is !== 'live');

  readonly #t = inject(Words).t;
  protected readonly wifiOff = wifiOff;
  protected readonly refresh = refresh;
  protected readonly shown = computed(() => bannerOf(this.#signaling.status(), this.#online(), this.#isLate()));

  constructor() {
    // A reconnect that takes a moment is nobody's business.
    effect(stop => {
      this.#isLate.set(false);
      if (!this.#isAway()) return;
      const timer = setTimeout(() => this.#isLate.set(true), SHOWN_AFTER_MS);
      stop(() => clearTimeout(timer));
    });
  }

  protected say(word: Banner['words'] | NonNullable<Banner['act']>): string {
    return this.#t(`signaling.${word}`);
  }

  protected do(act: 'retry' | 'takeBack' | 'update'): void {
    if (act === 'update') void this.#version.use();
    else this.#signaling.reconnect();
  }
}
