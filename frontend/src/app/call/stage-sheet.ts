import { afterNextRender, Component, type ElementRef, inject, input, output, viewChild } from '@angular/core';
import x from 'lucide-static/icons/x.svg';
import { Words } from '../../i18n/words';
import { Icon } from '../look/icon';
import { openLayer } from '../look/layers';

/** A sheet over the stage: from below on a phone, in the middle elsewhere. Back, Escape and a touch beside it close it. */
@Component({
  selector: 'parley-stage-sheet',
  imports: [Icon],
  styleUrl: './stage-sheet.css',
  template: `
    <dialog
      #sheet
      tabindex="-1"
      aria-labelledby="sheet-title"
      (close)="closed.emit()"
      (keydown)="$event.stopPropagation()"
      (click)="$event.target === sheet && close()"
    >
      <header>
        <h2 id="sheet-title">{{ title() }}</h2>
        <button class="icon-button" (click)="close()" [attr.aria-label]="t('call.devices.close')">
          <parley-icon [svg]="x" />
        </button>
      </header>
      <ng-content />
    </dialog>
  `,
})
export class StageSheet {
  private readonly sheet = viewChild.required<ElementRef<HTMLDialogElement>>('sheet');
  protected readonly t = inject(Words).t;
  protected readonly x = x;

  readonly title = input.required<string>();
  readonly closed = output();

  constructor() {
    afterNextRender(() => this.sheet().nativeElement.showModal());
    openLayer(() => this.close());
  }

  close(): void {
    this.sheet().nativeElement.close();
  }
}
