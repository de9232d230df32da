import { Component, inject, Service, signal } from '@angular/core';

/** How long a sentence stays, in ms. */
const SHOWN_MS = 5_000;

/** Says one short sentence at the foot of the page; a later one takes its place. */
@Service()
export class Toast {
  readonly #sentence = signal('');
  readonly sentence = this.#sentence.asReadonly();
  #timer: ReturnType<typeof setTimeout> | undefined;

  /** @param sentence whole and already in the person's language */
  say(sentence: string): void {
    clearTimeout(this.#timer);
    this.#sentence.set(sentence);
    this.#timer = setTimeout(() => this.#sentence.set(''), SHOWN_MS);
  }
}

/** Where toasts are drawn: once, in the shell. The live region stands before anything is said, or it is not read out. */
@Component({
  selector: 'parley-toasts',
  template: `
    <div role="status">
      @if (toast.sentence(); as sentence) {
        <p>{{ sentence }}</p>
      }
    </div>
  `,
  styleUrl: './toast.css',
})
export class Toasts {
  protected readonly toast = inject(Toast);
}
