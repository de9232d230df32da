import { afterNextRender, DestroyRef, Directive, ElementRef, inject, Injector, signal } from '@angular/core';

/** Less than this, in px, is a click and not a drag. */
const CLICK_PX = 6;
const CORNERS = ['low far', 'low near', 'high near', 'high far'] as const;
type Corner = (typeof CORNERS)[number];

const NOWHERE = { x: 0, y: 0 };

/** Puts what floats over a stage into one of its corners, as two classes: dragged to another, or sent on to the next. */
@Directive({
  host: {
    '[class]': 'corner()',
    '[style.translate]': 'moved().x + "px " + moved().y + "px"',
    '(pointerdown)': 'grab($event)',
  },
})
export class Corners {
  readonly #host = inject<ElementRef<HTMLElement>>(ElementRef).nativeElement;
  readonly #injector = inject(Injector);
  #held = new AbortController();
  #dragged = false;
  protected readonly moved = signal(NOWHERE);

  readonly corner = signal<Corner>('high far');

  constructor() {
    inject(DestroyRef).onDestroy(() => this.#held.abort());
  }

  /** Moves it to the next corner: for a keyboard, and for people who cannot drag. */
  next(): void {
    this.#goTo(CORNERS[(CORNERS.indexOf(this.corner()) + 1) % CORNERS.length] ?? 'high far');
  }

  protected grab(from: PointerEvent): void {
    this.#held.abort();
    if (from.button !== 0) return;
    this.#held = new AbortController();
    const held = { signal: this.#held.signal };
    // On the whole page: a quick hand has left it before it says that it moves.
    document.addEventListener('pointermove', event => this.#drag(from, event), held);
    document.addEventListener('pointerup', event => this.#drop(event), held);
    document.addEventListener('pointercancel', () => this.#letGo(), held);
  }

  #drag(from: PointerEvent, { clientX, clientY, pointerId }: PointerEvent): void {
    const by = { x: clientX - from.clientX, y: clientY - from.clientY };
    if (!this.#dragged && Math.hypot(by.x, by.y) < CLICK_PX) return;
    // Captured no earlier: the buttons in it would get no click any more.
    if (!this.#dragged) this.#host.setPointerCapture(pointerId);
    this.#dragged = true;
    this.moved.set(by);
  }

  #drop({ clientX, clientY }: PointerEvent): void {
    this.#held.abort();
    if (!this.#dragged) return;
    const { left, top, width, height } = (this.#host.offsetParent ?? document.body).getBoundingClientRect();
    const vertical = clientY < top + height / 2 ? 'high' : 'low';
    this.#goTo(`${vertical} ${clientX < left + width / 2 ? 'near' : 'far'}`);
  }

  /** The system has taken the pointer: it goes back. */
  #letGo(): void {
    this.#held.abort();
    if (this.#dragged) this.#goTo(this.corner());
  }

  /** Glides there from where it is. A style cannot: between two corners there is nothing it could pass through. */
  #goTo(corner: Corner): void {
    const before = this.#host.getBoundingClientRect();
    this.#dragged = false;
    this.moved.set(NOWHERE);
    this.corner.set(corner);
    const glide = () => {
      const after = this.#host.getBoundingClientRect();
      const from = `${before.x - after.x}px ${before.y - after.y}px`;
      // Computed, so in seconds, however it was written.
      const { animationDuration, animationTimingFunction: easing } = getComputedStyle(this.#host);
      const duration = parseFloat(animationDuration) * 1_000;
      this.#host.animate({ translate: [from, '0 0'] }, { duration, easing });
    };
    afterNextRender({ read: glide }, { injector: this.#injector });
  }
}
