import { Component, type ElementRef, inject, input, viewChild } from '@angular/core';
import { Words } from '../../i18n/words';
import { Layers } from './layers';

/** What a person is asked before something that cannot be taken back; all of it already in their language. */
export interface Question {
  title: string;
  sentence: string;
  /** The word on the button that does it. */
  action: string;
  danger?: boolean;
}

/** The platform's own modal dialog: it holds the focus, makes the rest inert, closes on Escape and gives focus back. */
@Component({
  selector: 'parley-confirm-dialog',
  template: `
    <dialog #dialog class="dialog" aria-labelledby="confirm-title" aria-describedby="confirm-sentence">
      <h2 id="confirm-title">{{ question().title }}</h2>
      <p id="confirm-sentence">{{ question().sentence }}</p>
      <form method="dialog" class="dialog-buttons">
        <button class="button text" value="no">{{ t('app.cancel') }}</button>
        <button class="button" [class.danger]="question().danger" value="yes">{{ question().action }}</button>
      </form>
    </dialog>
  `,
})
export class ConfirmDialog {
  readonly #layers = inject(Layers);
  readonly question = input.required<Question>();
  protected readonly t = inject(Words).t;
  protected readonly dialog = viewChild.required<ElementRef<HTMLDialogElement>>('dialog');

  /** Shows the dialog; resolves when it is closed. */
  open(): Promise<boolean> {
    const dialog = this.dialog().nativeElement;
    const release = this.#layers.open(() => dialog.close('no'));
    const closed = new Promise<boolean>(resolve =>
      dialog.addEventListener('close', () => resolve(dialog.returnValue === 'yes'), { once: true }),
    );
    void closed.then(release);
    dialog.addEventListener('click', event => event.target === dialog && dialog.close('no'));
    dialog.showModal();
    return closed;
  }
}
