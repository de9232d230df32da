import { ChangeDetectionStrategy, Component, inject } from '@angular/core';
import { Words } from '../../i18n/words';
import { EmptyState } from '../look/empty-state';
import { PageHeader } from '../look/page-header';
import { Panes } from '../look/panes';

@Component({
  selector: 'parley-call-log-page',
  changeDetection: ChangeDetectionStrategy.OnPush,
  imports: [EmptyState, PageHeader, Panes],
  template: `
    <parley-panes>
      <div class="page">
        <parley-page-header [title]="t('app.calls')" />
        <div class="page-scroll"><parley-empty-state [title]="t('app.quiet')" /></div>
      </div>
    </parley-panes>
  `,
})
export class CallLogPage {
  protected readonly t = inject(Words).t;
}
