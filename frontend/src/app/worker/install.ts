import { computed, inject, Service, signal } from '@angular/core';
import { takeUntilDestroyed } from '@angular/core/rxjs-interop';
import { fromEvent } from 'rxjs';
import { remember, remembered } from '../device/remembered';
import { KeptStorage } from './kept-storage';
import { wayToInstall } from './ways-to-install';

/** What Chromium sends when the app can be installed: not a standard, and in no library of types. */
interface InstallPrompt extends Event {
  prompt(): Promise<{ readonly outcome: 'accepted' | 'dismissed' }>;
}

const isPrompt = (event: Event): event is InstallPrompt => 'prompt' in event && typeof event.prompt === 'function';

const STANDALONE = '(display-mode: standalone), (display-mode: minimal-ui), (display-mode: fullscreen)';

/** Whether and how the app can be put onto this device. Made before the first page, since the browser offers it once. */
@Service()
export class Install {
  readonly #storage = inject(KeptStorage);
  readonly #mode = matchMedia(STANDALONE);
  // Full screen is also what a call may be in a tab: only how the page began counts.
  readonly #standalone = signal(this.#mode.matches);
  readonly #prompt = signal<InstallPrompt | undefined>(undefined);
  /** "Not now" is for good on this device; the settings still have it. */
  readonly #dismissed = signal(remembered('parley.install') === 'no');

  readonly way = computed(() =>
    wayToInstall({
      standalone: this.#standalone(),
      offered: this.#prompt() !== undefined,
      userAgent: navigator.userAgent,
      touchPoints: navigator.maxTouchPoints,
    }),
  );
  /** Whether it is worth a card: there is an easy way, and nobody has said no. */
  readonly isDue = computed(() => !this.#dismissed() && (this.way() === 'button' || this.way() === 'ios'));

  constructor() {
    fromEvent(window, 'beforeinstallprompt')
      .pipe(takeUntilDestroyed())
      .subscribe(event => {
        event.preventDefault(); // the browser's own bar; ours comes when there is something to install for
        if (isPrompt(event)) this.#prompt.set(event);
      });
    fromEvent(window, 'appinstalled')
      .pipe(takeUntilDestroyed())
      .subscribe(() => this.#installed());
    if (this.#standalone()) void this.#storage.askOnce();
  }

  /** Shows the browser's question; it can be shown once, and the browser offers it anew when it likes. */
  async ask(): Promise<void> {
    const prompt = this.#prompt();
    this.#prompt.set(undefined);
    const answer = await prompt?.prompt();
    if (answer?.outcome === 'dismissed') this.dismiss();
  }

  dismiss(): void {
    remember('parley.install', 'no');
    this.#dismissed.set(true);
  }

  #installed(): void {
    this.#prompt.set(undefined);
    this.#standalone.set(true);
    void this.#storage.ask();
  }
}
