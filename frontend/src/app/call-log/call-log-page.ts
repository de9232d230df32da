import link from 'lucide-static/icons/link.svg';
import { Component, computed, inject, signal } from '@angular/core';
import { RouterLink } from '@angular/router';
import { laterWords } from '../../i18n/later-words';
import { EmptyState } from '../look/empty-state';
import { Icon } from '../look/icon';
import { PageHeader } from '../look/page-header';
import { Panes } from '../look/panes';
import { Seen } from '../look/seen';
import { isMissed } from './call-entries';
import { CallLog } from './call-log';
import { CallReports } from './call-reports';
import { CallRow } from './call-row';

/** Every call, or the missed ones. A person who opens it has seen them. */
@Component({
  selector: 'parley-call-log-page',
  imports: [CallRow, EmptyState, Icon, PageHeader, Panes, RouterLink, Seen],
  templateUrl: './call-log-page.html',
  styleUrl: './call-log-page.css',
})
export class CallLogPage {
  protected readonly t = laterWords();
  protected readonly log = inject(CallLog);
  protected readonly link = link;

  protected readonly onlyMissed = signal(false);
  protected readonly entries = computed(() =>
    this.onlyMissed() ? this.log.entries().filter(isMissed) : this.log.entries(),
  );

  constructor() {
    void this.log.start();
    void inject(CallReports).load();
  }

  /** The log was looked at. */
  protected see(): void {
    void this.log.see();
  }
}
