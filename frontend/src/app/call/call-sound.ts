import { Service, signal } from '@angular/core';

/** Whether the other person can be heard: the element that plays them stands in the overlay, the way to mend it on the stage. */
@Service()
export class CallSound {
  readonly #retries = signal(0);

  /** The browser wants a touch before it plays (autoplay rule). */
  readonly refused = signal(false);
  /** How loud the other person is played, 0 to 1, and whether not at all; both for one call. */
  readonly volume = signal(1);
  readonly silenced = signal(false);
  /** Rises when it should be tried again. */
  readonly retries = this.#retries.asReadonly();

  /** The next call begins loud. */
  reset(): void {
    this.volume.set(1);
    this.silenced.set(false);
  }

  retry(): void {
    this.#retries.update(retries => retries + 1);
  }
}
