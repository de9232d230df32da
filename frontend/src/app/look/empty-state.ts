import { Component, input } from '@angular/core';
import { Icon } from './icon';
import quiet from './quiet.svg';

/** A place with nothing in it: the mark grown quiet, a title, a sentence, and what one can do (put inside). */
@Component({
  selector: 'parley-empty-state',
  imports: [Icon],
  template: `
    <parley-icon [svg]="drawing()" />
    <h2>{{ title() }}</h2>
    @if (sentence()) {
      <p>{{ sentence() }}</p>
    }
    <ng-content />
  `,
  styleUrl: './empty-state.css',
})
export class EmptyState {
  readonly title = input.required<string>();
  readonly sentence = input('');
  readonly drawing = input(quiet);
}
