import { Component, input, model } from '@angular/core';
import { MatRadioModule } from '@angular/material/radio';

export interface Option<T> {
  readonly value: T;
  readonly label: string;
  /** A sentence under the label. */
  readonly hint?: string;
}

/** One of a few: a card of radio buttons under a heading. */
@Component({
  selector: 'parley-choice',
  imports: [MatRadioModule],
  template: `
    <h2 class="group" [id]="id">{{ label() }}</h2>
    <mat-radio-group class="card" [value]="value()" (change)="value.set($event.value)" [attr.aria-labelledby]="id">
      @for (option of options(); track option.value) {
        <mat-radio-button class="row" [value]="option.value">
          <span class="row-name">{{ option.label }}</span>
          @if (option.hint) {
            <span class="row-line wrap">{{ option.hint }}</span>
          }
        </mat-radio-button>
      }
    </mat-radio-group>
  `,
  styleUrl: './choice.css',
})
export class Choice<T extends string> {
  readonly label = input.required<string>();
  readonly options = input.required<readonly Option<T>[]>();
  readonly value = model.required<T>();

  protected readonly id = `choice-${++count}`;
}

let count = 0;
