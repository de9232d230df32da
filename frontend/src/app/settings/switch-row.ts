import { Component, input, output } from '@angular/core';
import { MatSlideToggleModule } from '@angular/material/slide-toggle';

/** Something that is on or off, with the sentence that says what that means. */
@Component({
  selector: 'parley-switch-row',
  imports: [MatSlideToggleModule],
  template: `
    <div class="row">
      <label class="row-text" [for]="id + '-button'">
        <span class="row-name wrap">{{ label() }}</span>
        <span class="row-line wrap" [id]="id + '-hint'">{{ hint() }}</span>
      </label>
      <mat-slide-toggle
        [id]="id"
        hideIcon
        [checked]="on()"
        [disabled]="disabled()"
        [aria-label]="label()"
        [aria-describedby]="id + '-hint'"
        (change)="changed.emit($event.checked)"
      />
    </div>
  `,
  styles: '.row { padding: 10px 16px } .wrap { white-space: normal }',
})
export class SwitchRow {
  readonly label = input.required<string>();
  readonly hint = input('');
  readonly on = input.required<boolean>();
  readonly disabled = input(false);
  readonly changed = output<boolean>();

  protected readonly id = `switch-${++count}`;
}

let count = 0;
