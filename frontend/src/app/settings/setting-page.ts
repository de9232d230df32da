import { Component, inject, input } from '@angular/core';
import { type Key, Words } from '../../i18n/words';
import { PageHeader } from '../look/page-header';

/** The frame of one page of the settings: its title, the way back, a column of readable width. */
@Component({
  selector: 'parley-setting-page',
  imports: [PageHeader],
  template: `
    <div class="page">
      <parley-page-header [title]="t(heading())" back="/settings" />
      <div class="page-scroll">
        <div class="page-body narrow"><ng-content /></div>
      </div>
    </div>
  `,
  styles: ':host { display: block; height: 100% }',
})
export class SettingPage {
  // Not `title`: an attribute of that name shows its text, a key, to whoever rests the pointer on the page.
  readonly heading = input.required<Key>();
  protected readonly t = inject(Words).t;
}
