import { DestroyRef, Directive, effect, ElementRef, inject, input, signal } from '@angular/core';

/** Without a movement for this long the controls step aside. */
const REST_MS = 4_000;

/** What the stage's style hides meanwhile: never what a keyboard is on. */
const HIDDEN = '.rests:not(:has(:focus-visible))';

/**
 * Puts the class `resting` on a stage that nobody moves over, while it may; what has the class `rests` is then not seen.
 * A finger that comes down there only brings it back: nobody hangs up by looking for the buttons.
 */
@Directive({
  selector: '[parleyResting]',
  host: {
    '[class.resting]': 'resting() && parleyResting()',
    '(pointermove)': 'stir()',
    '(pointerdown)': 'touch($event)',
    '(keydown)': 'stir()',
    '(focusin)': 'stir()',
  },
})
export class Resting {
  readonly parleyResting = input.required<boolean>();
  protected readonly resting = signal(false);
  #timer: ReturnType<typeof setTimeout> | undefined;
  #blind = false;

  constructor() {
    effect(() => {
      if (this.parleyResting()) this.stir();
    });
    const host = inject<ElementRef<HTMLElement>>(ElementRef).nativeElement;
    // A keyboard's click has no count.
    const stop = (event: MouseEvent) => this.#blind && event.detail > 0 && event.stopPropagation();
    host.addEventListener('click', stop, { capture: true });
    inject(DestroyRef).onDestroy(() => clearTimeout(this.#timer));
  }

  protected touch({ target }: PointerEvent): void {
    const hides = this.resting() && this.parleyResting();
    this.stir();
    this.#blind = hides && target instanceof Element && target.closest(HIDDEN) !== null;
  }

  protected stir(): void {
    clearTimeout(this.#timer);
    this.resting.set(false);
    this.#timer = setTimeout(() => this.resting.set(true), REST_MS);
  }
}
