import { Directive, effect, ElementRef, inject, input, output } from '@angular/core';

/** Plays a stream in an element, through the chosen speaker; says when the browser refuses its sound (autoplay rule). */
@Directive({ selector: 'video[parleyPlay], audio[parleyPlay]', exportAs: 'play' })
export class Play {
  readonly parleyPlay = input.required<MediaStream | null>();
  /** The id of an output device; undefined for the system's own. */
  readonly speaker = input<string>();
  readonly refused = output<boolean>();

  readonly #element = inject<ElementRef<HTMLMediaElement>>(ElementRef).nativeElement;

  constructor() {
    effect(stop => {
      this.#element.srcObject = this.parleyPlay();
      if (this.#element.srcObject !== null) void this.play();
      stop(() => (this.#element.srcObject = null));
    });
    effect(() => {
      const speaker = this.speaker() ?? '';
      // Absent in Safari; rejected when that device was unplugged: sound then comes from the system's own.
      if ('setSinkId' in this.#element) void this.#element.setSinkId(speaker).catch(() => undefined);
    });
  }

  /** Tries again, after a touch. */
  async play(): Promise<void> {
    try {
      await this.#element.play();
      this.refused.emit(false);
    } catch (cause) {
      this.refused.emit(cause instanceof DOMException && cause.name === 'NotAllowedError');
    }
  }
}
