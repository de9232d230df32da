import { Component, computed, effect, inject, untracked } from '@angular/core';
import { laterWords } from '../../i18n/later-words';
import { remembered } from '../device/remembered';
import { Call } from './call';
import { CallEnded } from './call-ended';
import { CallLink } from './call-link';
import { CallPlatform } from './call-platform';
import { CallPreview } from './call-preview';
import { CallStats } from './call-stats';
import { CallView, DIRECT_CHAT } from './call-view';
import { CompareSheet } from './compare-sheet';
import { FilesSheet } from './files/files-sheet';
import { sayOffersWhileSmall } from './files/offer-toast';
import { GuestAsks } from './guest-asks';
import { GuestLinks } from './guest-links';
import { HeldCall } from './held-call';
import { pictureWhileHidden } from './hidden-picture';
import { LearnOutcome } from './learn-outcome';
import { LeftCall } from './left-call';
import { MoreSheet } from './more-sheet';
import { Peer } from './peer';
import { PushToTalk } from './push-to-talk';
import { QualityWatch } from './quality-watch';
import { ReadyCheck } from './ready-check';
import { CallRecording } from './recording/call-recording';
import { RecordingQuestion } from './recording/recording-question';
import { RecordingsSheet } from './recording/recordings-sheet';
import { ReportWatch } from './report-watch';
import { SmallCall } from './small-call';
import { SmallHeld } from './small-held';
import { SmallRing } from './small-ring';
import { SoundSheet } from './sound-sheet';
import { type Panel, StagePanels } from './stage-panels';

/**
 * What a call needs beside its stage: the ready check before it, what it asks of the system, sheets over it, the small view, its end,
 * and the call on hold when no other is left. One chunk, loaded with the first ring.
 */
@Component({
  selector: 'parley-call-panels',
  imports: [
    CallEnded,
    CallPreview,
    CallStats,
    CompareSheet,
    FilesSheet,
    GuestAsks,
    HeldCall,
    MoreSheet,
    RecordingQuestion,
    RecordingsSheet,
    SmallCall,
    SmallHeld,
    SmallRing,
    SoundSheet,
  ],
  hostDirectives: [PushToTalk],
  host: { class: 'always-dark' },
  template: `
    @if (check.shown(); as before) {
      <parley-call-preview [before]="before" />
    }
    @switch (view.screen()) {
      @case ('ringing') {
        @if (peer.isGuest()) {
          <parley-guest-asks />
        }
      }
      @case ('ended') {
        <parley-call-ended />
      }
      @case ('held') {
        <parley-held-call />
      }
      @case ('small') {
        <parley-small-call />
      }
      @case ('small-ring') {
        <parley-small-ring />
      }
      @case ('small-held') {
        <parley-small-held />
      }
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
      @case ('code') {
        <parley-compare-sheet (closed)="closed('code')" />
      }
      @case ('stats') {
        <parley-call-stats (closed)="closed('stats')" />
      }
    }
    @if (panels.open() === 'recordings' || recording.offers()) {
      <parley-recordings-sheet (closed)="closed('recordings'); recording.putAside()" />
    }
    @if (recording.asked()) {
      <parley-recording-question />
    }
  `,
})
export class CallPanels {
  protected readonly check = inject(ReadyCheck);
  protected readonly panels = inject(StagePanels);
  protected readonly view = inject(CallView);
  protected readonly peer = inject(Peer);
  protected readonly recording = inject(CallRecording);

  constructor() {
    laterWords();
    inject(CallPlatform);
    inject(LearnOutcome);
    inject(LeftCall);
    if (remembered('parley.guest-links') !== null) inject(GuestLinks);
    inject(QualityWatch);
    inject(ReportWatch);
    sayOffersWhileSmall();
    pictureWhileHidden();
    const [call, link, direct] = [inject(Call), inject(CallLink), inject(DIRECT_CHAT, { optional: true })];
    const isInCall = computed(() => call.state().state !== 'idle');
    effect(() => {
      // Where it cannot be loaded, messages wait for the server as they do outside of calls; the next call asks again.
      if (isInCall()) untracked(() => void direct?.(link).catch(() => undefined));
    });
  }

  /** Another may have been opened from it. */
  protected closed(panel: Panel): void {
    this.panels.open.update(open => (open === panel ? null : open));
  }
}
