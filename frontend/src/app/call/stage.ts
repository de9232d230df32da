import { afterNextRender, DestroyRef, Directive, ElementRef, inject, output } from '@angular/core';

/**
 * A screen over everything: the platform's modal dialog, which holds the focus, makes the rest inert and gives the
 * focus back. It never closes by itself, or a call would go on with no screen: Escape and Android's back gesture are told.
 */
@Directive({
  selector: 'dialog[parleyStage]',
  host: {
    class: 'stage always-dark',
    tabindex: '-1',
    '(keydown.escape)': 'escape($event)',
    '(cancel)': 'escape($event)',
    '(close)': 'stay()',
  },
})
export class Stage {
  readonly #dialog = inject<ElementRef<HTMLDialogElement>>(ElementRef).nativeElement;
  #gone = false;

  readonly escaped = output();

  constructor() {
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

  protected escape(event: Event): void {
    event.preventDefault();
    this.escaped.emit();
  }

  // Chromium closes a dialog at the second unanswered Escape, whatever the page says.
  protected stay(): void {
    if (!this.#gone && this.#dialog.isConnected) this.#dialog.showModal();
  }
}
