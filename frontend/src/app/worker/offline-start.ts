import { ApplicationRef, inject, isDevMode, Service, signal } from '@angular/core';
import { filter, from, type Observable } from 'rxjs';

/** Ours, which loads Angular's (frontend/worker). */
export const WORKER = 'worker.js';

/** Where the server leads on plain http to the steps by which a browser learns to trust it. */
export const TRUST_STEPS = '/trust/steps';

/**
 * Whether the app can start without its server: not without a service worker, which a browser refuses where it does not trust
 * the certificate (`untrusted`), and may refuse for reasons of its own.
 */
export type OfflineStartState = 'unknown' | 'ready' | 'untrusted' | 'refused';

/**
 * Registers the service worker once the first page stands. Browsers refuse it where they do not trust the
 * certificate, in private windows, or by a setting: the app then runs as before and says that it cannot start offline.
 */
@Service()
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
    } catch (error) {
      this.#state.set(refusalOf(error));
      return false;
    }
  }
}

/**
 * Why a registration failed (Service Workers, 4.3.1): a certificate that was only clicked through makes it a SecurityError.
 * @param error what was thrown
 */
export const refusalOf = (error: unknown): OfflineStartState =>
  error instanceof DOMException && error.name === 'SecurityError' ? 'untrusted' : 'refused';
