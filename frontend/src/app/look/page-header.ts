import { NgComponentOutlet } from '@angular/common';
import { Component, inject, input } from '@angular/core';
import arrowLeft from 'lucide-static/icons/arrow-left.svg';
import { Words } from '../../i18n/words';
import { BackLink } from './back';
import { Icon } from './icon';
import { UNDER_HEADER } from './under-header';

/** The head of a page: its title, the way back where it has one, and whatever buttons are put into it. */
@Component({
  selector: 'parley-page-header',
  imports: [BackLink, Icon, NgComponentOutlet],
  template: `
    <header class="page-header" [class.inner]="back()">
      @if (back(); as target) {
        <a class="icon-button back" [parleyBack]="target" [attr.aria-label]="t('app.back')">
          <parley-icon [svg]="arrowLeft" />
        </a>
      }
      <h1 class="cut" tabindex="-1">{{ title() }}</h1>
      <ng-content />
    </header>
    @if (under(); as component) {
      <ng-container [ngComponentOutlet]="component" />
    }
  `,
  styles: ':host { display: block; flex: none }',
})
export class PageHeader {
  readonly title = input.required<string>();
  /** The page above this one, for the arrow (look/back.ts); without it this is a first page, with a large title. */
  readonly back = input<string>();

  protected readonly t = inject(Words).t;
  protected readonly under = inject(UNDER_HEADER);
  protected readonly arrowLeft = arrowLeft;
}
