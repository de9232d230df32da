import { computed, inject, Service, signal } from '@angular/core';
import { takeUntilDestroyed } from '@angular/core/rxjs-interop';
import { SwUpdate } from '@angular/service-worker';
import { filter, fromEvent, interval, merge, Subject, throttleTime } from 'rxjs';
import { PageReload } from './page-reload';

/** An app that stays open for days asks this often whether it is still the newest, in ms; and at most so often. */
const ASK_EVERY_MS = 3_600_000;
const ASK_AT_MOST_EVERY_MS = 30_000;

/**
 * Whether a newer app waits for a reload, and the reload. Nobody is interrupted: a person reloads when it suits them, which
 * it never does during a call.
 */
@Service()
export class NewVersion {
  readonly #updates = inject(SwUpdate);
  readonly #reload = inject(PageReload);
  readonly #waits = signal(false);
  readonly #asked = new Subject<void>();

  readonly waits = computed(() => this.#waits() && !this.#reload.held());

  constructor() {
    const seen = fromEvent(document, 'visibilitychange').pipe(filter(() => document.visibilityState === 'visible'));
    // An occasion that comes too soon after another counts when the time is over: it may be the one that brings an app.
    merge(this.#asked, seen, interval(ASK_EVERY_MS))
      .pipe(
        filter(() => this.#updates.isEnabled),
        throttleTime(ASK_AT_MOST_EVERY_MS, undefined, { leading: true, trailing: true }),
        takeUntilDestroyed(),
      )
      // Without a connection the next occasion will do.
      .subscribe(() => void this.#updates.checkForUpdate().catch(() => undefined));
    this.#updates.versionUpdates
      .pipe(
        filter(event => event.type === 'VERSION_READY'),
        takeUntilDestroyed(),
      )
      .subscribe(() => this.announce());
    // The worker has lost a part of this version that the server no longer has: only a reload helps.
    this.#updates.unrecoverable
      .pipe(takeUntilDestroyed())
      .subscribe(() => (this.#reload.held() ? this.announce() : void this.#reload.to()));
  }

  /** Looks for a newer app, now or soon; one that is found announces itself. */
  ask(): void {
    this.#asked.next();
  }

  /** There is one. */
  announce(): void {
    this.#waits.set(true);
  }

  /** Not now: it is offered again when the app is next opened, or a newer one still is found. */
  later(): void {
    this.#waits.set(false);
  }

  async use(): Promise<void> {
    // Refused where there is no worker: then the server's page is the newest anyway.
    await this.#updates.checkForUpdate().catch(() => undefined);
    await this.#updates.activateUpdate().catch(() => undefined);
    await this.#reload.to();
  }
}
