import { afterNextRender, Component, type ElementRef, inject, input, output, viewChild } from '@angular/core';
import chevron from 'lucide-static/icons/chevron-right.svg';
import info from 'lucide-static/icons/info.svg';
import laptop from 'lucide-static/icons/laptop.svg';
import triangleAlert from 'lucide-static/icons/triangle-alert.svg';
import { laterWords } from '../../i18n/later-words';
import { Icon } from '../look/icon';
import { Layers } from '../look/layers';

/** Where a device is that is to be removed. */
export type Whereabouts = 'here' | 'lost';

/** The one question before a device is removed: from below on a phone, in the middle elsewhere. Back, Escape and a click beside it keep it. */
@Component({
  selector: 'parley-remove-device',
  imports: [Icon],
  templateUrl: './remove-device.html',
  styleUrl: './remove-device.css',
})
export class RemoveDevice {
  readonly #layers = inject(Layers);
  private readonly dialog = viewChild.required<ElementRef<HTMLDialogElement>>('dialog');
  private readonly keep = viewChild.required<ElementRef<HTMLButtonElement>>('keep');
  protected readonly t = laterWords();
  protected readonly icons = { chevron, info, laptop, triangleAlert };

  readonly name = input.required<string>();
  /** Null: it stays. */
  readonly answered = output<Whereabouts | null>();

  constructor() {
    afterNextRender(() => {
      const dialog = this.dialog().nativeElement;
      const release = this.#layers.open(() => dialog.close());
      dialog.addEventListener('click', event => event.target === dialog && dialog.close());
      dialog.addEventListener('close', () => {
        release();
        const answer = dialog.returnValue;
        this.answered.emit(answer === 'here' || answer === 'lost' ? answer : null);
      });
      dialog.showModal();
      // The first button would sign it out: who presses Enter twice must not.
      this.keep().nativeElement.focus();
    });
  }
}
