import { booleanAttribute, Component, inject, input } from '@angular/core';
import { type Key, Words } from '../../i18n/words';
import { PageHeader } from '../look/page-header';

/** The frame of one page of the settings: its title, the way back, a column of readable width. */
@Component({
  selector: 'parley-setting-page',
  imports: [PageHeader],
  template: `
    <div class="page">
      <parley-page-header [title]="t(heading())" [back]="back()" />
      <div
        class="page-scroll"
        [attr.tabindex]="textAlone() ? 0 : null"
        [attr.role]="textAlone() ? 'region' : null"
        [attr.aria-label]="textAlone() ? t(heading()) : null"
      >
        <div class="page-body narrow"><ng-content /></div>
      </div>
    </div>
  `,
  styles: ':host { display: block; height: 100% }',
})
export class SettingPage {
  // Not `title`: an attribute of that name shows its text, a key, to whoever rests the pointer on the page.
  readonly heading = input.required<Key>();
  /** The page above it. */
  readonly back = input('/settings');
  /** A page without a control: its text takes the focus itself, so that the keyboard can scroll it (WCAG 2.1.1). */
  readonly textAlone = input(false, { transform: booleanAttribute });
  protected readonly t = inject(Words).t;
}
