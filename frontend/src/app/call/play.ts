import { DestroyRef, Directive, effect, ElementRef, inject, input, output } from '@angular/core';

/** Plays a stream in an element, through the chosen speaker; says when the browser refuses its sound (autoplay rule). */
@Directive({ selector: 'video[parleyPlay], audio[parleyPlay]' })
export class Play {
  readonly parleyPlay = input.required<MediaStream | null>();
  /** The id of an output device; undefined for the system's own. */
  readonly speaker = input<string>();
  /** Rises when it should be tried again, after a touch. */
  readonly retries = input(0);
  readonly refused = output<boolean>();

  readonly #element = inject<ElementRef<HTMLMediaElement>>(ElementRef).nativeElement;
  #gone = false;

  constructor() {
    effect(stop => {
      this.#element.srcObject = this.parleyPlay();
      stop(() => (this.#element.srcObject = null));
    });
    effect(() => {
      this.retries();
      if (this.parleyPlay() !== null) void this.#play();
    });
    inject(DestroyRef).onDestroy(() => (this.#gone = true));
    effect(() => {
      const speaker = this.speaker() ?? '';
      // Absent in Safari; rejected when that device was unplugged: sound then comes from the system's own.
      if ('setSinkId' in this.#element) void this.#element.setSinkId(speaker).catch(() => undefined);
    });
  }

  async #play(): Promise<void> {
    const refused = await this.#element.play().then(
      () => false,
      (cause: unknown) => cause instanceof DOMException && cause.name === 'NotAllowedError',
    );
    if (!this.#gone) this.refused.emit(refused);
  }
}
