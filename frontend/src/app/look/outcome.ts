import { Component, type ElementRef, input, viewChild } from '@angular/core';
import { Icon } from './icon';

/** What something has come to, large: it stands in the place of what was pressed. Its host is `good` or `bad`. */
@Component({
  selector: 'parley-outcome',
  imports: [Icon],
  template: `
    <parley-icon [svg]="icon()" />
    <h2 #heading tabindex="-1">{{ title() }}</h2>
    <ng-content />
  `,
  styles: `
    :host {
      display: grid;
      justify-items: center;
      gap: 12px;
      margin-bottom: 20px;
      padding: 24px 20px;
      border-radius: var(--radius-large);
      background: var(--surface-mid);
      text-align: center;
    }

    parley-icon {
      --icon-size: 3.5rem;
    }

    :host(.good) parley-icon {
      color: var(--good);
    }

    :host(.bad) {
      background: var(--bad-container);
    }

    :host(.bad) parley-icon {
      color: var(--bad);
    }

    h2:focus-visible {
      outline: none;
    }
  `,
})
export class Outcome {
  readonly icon = input.required<string>();
  readonly title = input.required<string>();
  private readonly heading = viewChild<ElementRef<HTMLElement>>('heading');

  focus(): void {
    this.heading()?.nativeElement.focus();
  }
}
