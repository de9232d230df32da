import { Component, input, model } from '@angular/core';
import chevronDown from 'lucide-static/icons/chevron-down.svg';
import { Icon } from './icon';

let count = 0;

/** One of a few numbers, each said in words, in a field that looks like those for text. All of it opens the list. */
@Component({
  selector: 'parley-select-field',
  imports: [Icon],
  template: `
    <div class="field">
      <label class="field-label" [for]="id">{{ label() }}</label>
      <select class="field-input" [id]="id" (change)="choose($event)">
        @for (option of options(); track option) {
          <option [value]="option" [selected]="option === value()">{{ say()(option) }}</option>
        }
      </select>
      <parley-icon [svg]="chevronDown" />
    </div>
  `,
  styleUrl: './select-field.css',
})
export class SelectField {
  readonly label = input.required<string>();
  readonly options = input.required<readonly number[]>();
  /** The words for an option. */
  readonly say = input.required<(option: number) => string>();
  readonly value = model.required<number>();

  protected readonly id = `select-${++count}`;
  protected readonly chevronDown = chevronDown;

  protected choose({ target }: Event): void {
    if (target instanceof HTMLSelectElement) this.value.set(Number(target.value));
  }
}
