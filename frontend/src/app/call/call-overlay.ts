import { ChangeDetectionStrategy, Component, effect, inject, untracked } from '@angular/core';
import { Words } from '../../i18n/words';
import { Toast } from '../look/toast';
import { Call } from './call';
import { CallEnded } from './call-ended';
import { CallLink } from './call-link';
import { CallMedia } from './call-media';
import { CallPlatform } from './call-platform';
import { CallSound } from './call-sound';
import { CallView } from './call-view';
import { IncomingCall } from './incoming-call';
import { isQuiet, outcomeWords } from './outcome';
import { LearnOutcome } from './learn-outcome';
import { Peer } from './peer';
import { Play } from './play';
import { Ringing } from './ringing';
import { SmallCall } from './small-call';
import { Voice } from './voice';

/** What lies over the app while there is a call: the ring, the stage, the small view; and its sound, wherever one is. */
@Component({
  selector: 'parley-call-overlay',
  changeDetection: ChangeDetectionStrategy.OnPush,
  imports: [CallEnded, IncomingCall, Play, SmallCall, Voice],
  template: `
    @switch (view.screen()) {
      @case ('ringing') {
        <parley-incoming-call />
      }
      @case ('stage') {
        <parley-voice />
      }
      @case ('small') {
        <parley-small-call />
      }
      @case ('ended') {
        <parley-call-ended />
      }
    }
    <audio
      [parleyPlay]="link.sound()"
      [speaker]="media.choice().speaker"
      [retries]="sound.retries()"
      (refused)="sound.refused.set($event)"
      autoplay
    ></audio>
  `,
})
export class CallOverlay {
  readonly #call = inject(Call);
  readonly #toast = inject(Toast);
  readonly #peer = inject(Peer);
  protected readonly view = inject(CallView);
  protected readonly link = inject(CallLink);
  protected readonly media = inject(CallMedia);
  protected readonly sound = inject(CallSound);
  protected readonly t = inject(Words).t;

  constructor() {
    inject(Ringing);
    inject(CallPlatform);
    inject(LearnOutcome);
    effect(() => {
      const call = this.#call.state();
      if (call.state !== 'idle' || call.last === null || !isQuiet(call.last)) return;
      const { sentence } = outcomeWords(call.last);
      untracked(() => this.#toast.say(this.t(sentence, { name: this.#peer.name() })));
    });
  }
}
