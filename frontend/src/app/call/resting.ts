import { DestroyRef, Directive, effect, inject, input, signal } from '@angular/core';

/** Without a movement for this long the controls step aside. */
const REST_MS = 4_000;

/** Puts the class `resting` on a stage that nobody moves over, while it may. */
@Directive({
  selector: '[parleyResting]',
  host: {
    '[class.resting]': 'resting() && parleyResting()',
    '(pointermove)': 'stir()',
    '(pointerdown)': 'stir()',
    '(keydown)': 'stir()',
    '(focusin)': 'stir()',
  },
})
export class Resting {
  readonly parleyResting = input.required<boolean>();
  protected readonly resting = signal(false);
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor() {
    effect(() => {
      if (this.parleyResting()) this.stir();
    });
    inject(DestroyRef).onDestroy(() => clearTimeout(this.#timer));
  }

  protected stir(): void {
    clearTimeout(this.#timer);
    this.resting.set(false);
    this.#timer = setTimeout(() => this.resting.set(true), REST_MS);
  }
}
