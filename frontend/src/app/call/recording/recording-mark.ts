import { Component, computed, effect, inject, signal } from '@angular/core';
import { duration } from '../../../i18n/dates';
import { laterWords } from '../../../i18n/later-words';
import { Call } from '../call';
import { Peer } from '../peer';
import { CallRecording } from './call-recording';

/** What of a call is being recorded, since when, and the way to end it: for as long as it runs, over whatever is shown. */
@Component({
  selector: 'parley-recording-mark',
  styleUrl: './recording-mark.css',
  host: { '[class.lower]': 'call.held() !== null' },
  template: `
    <p class="unseen" role="status">{{ recording.news().words }}</p>
    @for (one of marks(); track one.does) {
      <div class="mark red" role="group" [attr.aria-label]="one.words">
        <span class="dot" [class.paused]="one.paused" aria-hidden="true"></span>
        <span class="words">
          {{ one.words }} <time aria-hidden="true">{{ one.time }}</time>
        </span>
        <button (click)="recording.does(one.does)" [attr.aria-label]="t('call.recording.stop')">
          {{ t('call.recording.stopShort') }}
        </button>
      </div>
    }
    @if (recording.own()?.is === 'asking') {
      <div class="mark asking">
        <span class="words">{{ t('call.recording.asking', { name: peer.name() }) }}</span>
        <button (click)="recording.does('end')" [attr.aria-label]="t('call.recording.askNoMore')">
          {{ t('app.cancel') }}
        </button>
      </div>
    }
    @if (recording.news().isWritten) {
      <p class="mark news" aria-hidden="true">{{ recording.news().words }}</p>
    }
  `,
})
export class RecordingMark {
  protected readonly call = inject(Call);
  protected readonly recording = inject(CallRecording);
  protected readonly peer = inject(Peer);
  protected readonly t = laterWords();
  readonly #now = signal(performance.now());

  protected readonly marks = computed(() => {
    const [own, theirs] = [this.recording.own(), this.recording.theirs()];
    const marks: { does: 'end' | 'withdraw'; words: string; time: string; paused: boolean }[] = [];
    const time = (since: number) => duration(Math.max(0, this.#now() - since));
    if (own?.is === 'recording') {
      const paused = own.quiet !== null;
      const words = this.t(paused ? 'call.recording.paused' : 'call.recording.own');
      marks.push({ does: 'end', words, time: time(own.since), paused });
    }
    if (theirs?.is === 'recording') {
      const words = this.t('call.recording.theirs', { name: this.peer.name() });
      marks.push({ does: 'withdraw', words, time: time(theirs.since), paused: false });
    }
    return marks;
  });

  constructor() {
    effect(stop => {
      if (!this.recording.runs()) return;
      this.#now.set(performance.now());
      const timer = setInterval(() => this.#now.set(performance.now()), 1_000);
      stop(() => clearInterval(timer));
    });
  }
}
