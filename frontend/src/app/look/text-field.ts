import { Component, input, model } from '@angular/core';

let count = 0;

/**
 * A field with its label inside and its hint below, as every form here has it. What stands at its end (a button, a
 * sign that all is well) is put inside. `wrong` colours the hint and tells assistive technology.
 */
@Component({
  selector: 'parley-text-field',
  template: `
    <div class="field" [class.wrong]="wrong()">
      <div class="field-text">
        <label class="field-label" [for]="id">{{ label() }}</label>
        <input
          class="field-input"
          [id]="id"
          [type]="type()"
          [name]="name()"
          [attr.dir]="type() === 'text' ? 'auto' : null"
          [value]="value()"
          [autocomplete]="autocomplete()"
          [attr.autocapitalize]="autocapitalize()"
          [attr.maxlength]="longest()"
          [attr.spellcheck]="type() === 'text' ? 'false' : null"
          [attr.aria-invalid]="wrong()"
          [attr.aria-describedby]="hint() ? id + '-hint' : null"
          (input)="typed($event)"
        />
      </div>
      <ng-content />
    </div>
    <ng-content select="[under]" />
    @if (hint(); as words) {
      <p class="field-hint" [class.wrong]="wrong()" [id]="id + '-hint'" role="status">{{ words }}</p>
    }
  `,
  styles: ':host { display: block }',
})
export class TextField {
  readonly label = input.required<string>();
  readonly value = model('');
  readonly hint = input('');
  readonly wrong = input(false);
  readonly type = input<'text' | 'password' | 'search'>('text');
  readonly name = input('');
  readonly autocomplete = input<AutoFill>('off');
  readonly autocapitalize = input<'none' | 'words' | 'sentences'>('none');
  /** Most characters that can be typed. */
  readonly longest = input<number>();

  protected readonly id = `field-${++count}`;

  protected typed(event: Event): void {
    if (event.target instanceof HTMLInputElement) this.value.set(event.target.value);
  }
}
