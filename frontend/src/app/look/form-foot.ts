import { Component, input } from '@angular/core';

/** The foot of a form: why the last try failed, said aloud, and the button that sends. What was typed stays, so it can be pressed again. */
@Component({
  selector: 'parley-form-foot',
  template: `
    <div role="alert">
      @if (failure()) {
        <p class="note bad">{{ failure() }}</p>
      }
    </div>
    <button class="button wide" type="submit" [attr.aria-disabled]="busy()">{{ busy() ? doing() : action() }}</button>
  `,
  styles: `
    :host {
      display: block;
    }

    .note {
      margin-bottom: 16px;
    }
  `,
})
export class FormFoot {
  /** What the button does, and what it says while it is being done. */
  readonly action = input.required<string>();
  readonly doing = input.required<string>();
  readonly busy = input.required<boolean>();
  readonly failure = input('');
}
