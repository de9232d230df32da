import { Component, inject } from '@angular/core';
import { laterWords } from '../../../i18n/later-words';
import { Peer } from '../peer';
import { StageSheet } from '../stage-sheet';
import { CallRecording } from './call-recording';

/** The other person wants to record the call: a sheet over whatever is shown. To close it says no, as no answer does. */
@Component({
  selector: 'parley-recording-question',
  imports: [StageSheet],
  styleUrl: './recording-sheets.css',
  template: `
    <parley-stage-sheet
      [title]="t('call.recording.question', { name: peer.name() })"
      (closed)="recording.does('refuse')"
    >
      <p class="about">{{ t('call.recording.questionHint', { name: peer.name() }) }}</p>
      <div class="answers">
        <button class="answer" (click)="recording.does('refuse')">{{ t('call.recording.refuse') }}</button>
        <button class="answer main" (click)="recording.does('allow')">{{ t('call.recording.allow') }}</button>
      </div>
    </parley-stage-sheet>
  `,
})
export class RecordingQuestion {
  protected readonly recording = inject(CallRecording);
  protected readonly peer = inject(Peer);
  protected readonly t = laterWords();
}
