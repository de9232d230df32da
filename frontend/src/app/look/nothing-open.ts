import { ChangeDetectionStrategy, Component, inject } from '@angular/core';
import { Words } from '../../i18n/words';
import { EmptyState } from './empty-state';

/** What stands in the detail's place on a wide screen while nothing is open. */
@Component({
  selector: 'parley-nothing-open',
  changeDetection: ChangeDetectionStrategy.OnPush,
  imports: [EmptyState],
  template: `<parley-empty-state [title]="t('app.nothingOpen.title')" [sentence]="t('app.nothingOpen.sentence')" />`,
})
export class NothingOpen {
  protected readonly t = inject(Words).t;
}
