import { ChangeDetectionStrategy, Component, inject } from '@angular/core';
import { Words } from '../../i18n/words';
import { EmptyState } from '../look/empty-state';
import { PageHeader } from '../look/page-header';
import { Panes } from '../look/panes';

@Component({
  selector: 'parley-chat-page',
  changeDetection: ChangeDetectionStrategy.OnPush,
  imports: [EmptyState, PageHeader, Panes],
  template: `
    <parley-panes>
      <div class="page">
        <parley-page-header [title]="t('app.chats')" />
        <div class="page-scroll"><parley-empty-state [title]="t('app.quiet')" /></div>
      </div>
    </parley-panes>
  `,
})
export class ChatPage {
  protected readonly t = inject(Words).t;
}
