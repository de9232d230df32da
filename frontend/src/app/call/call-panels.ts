import { Component, inject } from '@angular/core';
import { laterWords } from '../../i18n/later-words';
import { CallPreview } from './call-preview';
import { CallStats } from './call-stats';
import { FilesSheet } from './files/files-sheet';
import { sayOffersWhileSmall } from './files/offer-toast';
import { MoreSheet } from './more-sheet';
import { PushToTalk } from './push-to-talk';
import { ReadyCheck } from './ready-check';
import { ReportWatch } from './report-watch';
import { SoundSheet } from './sound-sheet';
import { type Panel, StagePanels } from './stage-panels';

/** What a call needs beside its stage: the ready check before it, and sheets over it. One chunk, loaded with the first stage. */
@Component({
  selector: 'parley-call-panels',
  imports: [CallPreview, CallStats, FilesSheet, MoreSheet, SoundSheet],
  hostDirectives: [PushToTalk],
  host: { class: 'always-dark' },
  template: `
    @if (check.shown(); as before) {
      <parley-call-preview [before]="before" />
    }
    @switch (panels.open()) {
      @case ('more') {
        <parley-more-sheet (closed)="closed('more')" />
      }
      @case ('sound') {
        <parley-sound-sheet (closed)="closed('sound')" />
      }
      @case ('files') {
        <parley-files-sheet (closed)="closed('files')" />
      }
      @case ('stats') {
        <parley-call-stats (closed)="closed('stats')" />
      }
    }
  `,
})
export class CallPanels {
  protected readonly check = inject(ReadyCheck);
  protected readonly panels = inject(StagePanels);

  constructor() {
    laterWords();
    inject(ReportWatch);
    sayOffersWhileSmall();
  }

  /** Another may have been opened from it. */
  protected closed(panel: Panel): void {
    this.panels.open.update(open => (open === panel ? null : open));
  }
}
