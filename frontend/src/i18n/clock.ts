import { DestroyRef, inject, Service, signal } from '@angular/core';

/** Timers reach no further (2^31 − 1 ms, 24 days). */
const FURTHEST_MS = 2 ** 31 - 1;

/**
 * The time as a signal, for words that grow old: "now", "Today", "last seen 18:04". It ticks only when the next of the
 * words that were asked for does.
 */
@Service()
export class Clock {
  readonly #ticks = signal(0);
  #due = Infinity;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor() {
    // A page that was asleep, or out of sight, has late timers or none.
    const look = (): void => {
      if (Date.now() >= this.#due) this.#tick();
      else this.#wait();
    };
    const events = [
      [document, 'visibilitychange'],
      [window, 'pageshow'],
      [window, 'focus'],
    ] as const;
    for (const [target, event] of events) target.addEventListener(event, look);
    inject(DestroyRef).onDestroy(() => {
      clearTimeout(this.#timer);
      for (const [target, event] of events) target.removeEventListener(event, look);
    });
  }

  /**
   * Now, ms since the epoch, followed by the template or `computed` that reads it.
   * @param change gives the moment at which what is said changes, where that is after now
   */
  read(change: (now: number) => number): number {
    this.#ticks();
    const now = Date.now();
    const due = change(now);
    if (due > now && due < this.#due) {
      this.#due = due;
      this.#wait();
    }
    return now;
  }

  #wait(): void {
    clearTimeout(this.#timer);
    if (this.#due === Infinity) return;
    const ms = Math.min(Math.max(0, this.#due - Date.now()), FURTHEST_MS);
    this.#timer = setTimeout(() => (Date.now() >= this.#due ? this.#tick() : this.#wait()), ms);
  }

  #tick(): void {
    clearTimeout(this.#timer);
    // Whoever still says something that grows old asks again.
    this.#due = Infinity;
    this.#ticks.update(ticks => ticks + 1);
  }
}
