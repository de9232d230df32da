import { afterNextRender, DestroyRef, Directive, ElementRef, inject, output } from '@angular/core';
import { openLayer, Layers } from '../look/layers';

/**
 * A screen over everything: the platform's modal dialog, which holds the focus, makes the rest inert and gives the
 * focus back. It never closes by itself, or a call would go on with no screen: Back and Escape are told.
 */
@Directive({
  selector: 'dialog[parleyStage]',
  host: {
    class: 'stage always-dark',
    tabindex: '-1',
    '(cancel)': 'cancelled($event)',
    '(close)': 'closed()',
  },
})
export class Stage {
  readonly #dialog = inject<ElementRef<HTMLDialogElement>>(ElementRef).nativeElement;
  readonly #layers = inject(Layers);
  #gone = false;

  /** Back or Escape, with nothing open above this screen. */
  readonly escaped = output();

  constructor() {
    openLayer(() => this.escaped.emit());
    afterNextRender(() => {
      this.#dialog.showModal();
      // Not on the first button: nobody wants to answer, or leave, by a space that was meant for a sentence.
      const marked = this.#dialog.querySelector<HTMLElement>('[data-first-focus]');
      (marked ?? this.#dialog).focus();
    });
    inject(DestroyRef).onDestroy(() => {
      this.#gone = true;
      this.#dialog.close();
    });
  }

  /** Android's back gesture: Chromium asks a modal dialog to close and leaves the history alone. */
  protected cancelled(event: Event): void {
    if (event.target !== this.#dialog) return;
    event.preventDefault();
    this.#layers.closeInnermost();
  }

  /** Chromium closes a dialog at a second such request without asking it: the screen stays, the request counts. */
  protected closed(): void {
    if (this.#gone || !this.#dialog.isConnected) return;
    this.#dialog.showModal();
    this.#layers.closeInnermost();
  }
}
