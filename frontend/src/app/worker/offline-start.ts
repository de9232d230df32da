import { ApplicationRef, inject, Injectable, isDevMode, signal } from '@angular/core';
import { filter, from, type Observable } from 'rxjs';

/** Ours, which loads Angular's (frontend/worker). */
export const WORKER = 'worker.js';

/** Whether the app can start without its server: not without a service worker, which a browser may refuse. */
export type OfflineStartState = 'unknown' | 'ready' | 'refused';

/**
 * Registers the service worker once the first page stands. Browsers refuse it where they do not trust the
 * certificate, in private windows, or by a setting: the app then runs as before and says that it cannot start offline.
 */
@Injectable({ providedIn: 'root' })
export class OfflineStart {
  readonly #app = inject(ApplicationRef);
  readonly #state = signal<OfflineStartState>('unknown');
  readonly state = this.#state.asReadonly();

  /** Emits once the worker is registered, and never where it is refused: Angular's own attempt would only log an error. */
  registered(): Observable<unknown> {
    return from(this.#register()).pipe(filter(done => done));
  }

  async #register(): Promise<boolean> {
    if (isDevMode()) return false;
    await this.#app.whenStable();
    try {
      // Absent altogether where the page is not a secure context.
      await navigator.serviceWorker.register(WORKER);
      await navigator.serviceWorker.ready;
      this.#state.set('ready');
      return true;
    } catch {
      this.#state.set('refused');
      return false;
    }
  }
}
