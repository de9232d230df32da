import { afterNextRender, Component, effect, inject, Injector, untracked } from '@angular/core';
import { duration } from '../../i18n/dates';
import { Words } from '../../i18n/words';
import { moveFocus } from '../look/route-focus';
import { Toast } from '../look/toast';
import { Call } from './call';
import { CallEnded } from './call-ended';
import { CallLink } from './call-link';
import { CallMedia } from './call-media';
import { CallPanels } from './call-panels';
import { CallPlatform } from './call-platform';
import { CallSound } from './call-sound';
import { CallView } from './call-view';
import { IncomingCall } from './incoming-call';
import { LearnOutcome } from './learn-outcome';
import { LeftCall } from './left-call';
import { lastedMs, outcomeWords } from './outcome';
import { Peer } from './peer';
import { Play } from './play';
import { ReadyCheck } from './ready-check';
import { Ringing } from './ringing';
import { SmallCall } from './small-call';
import { SmallRing } from './small-ring';
import { Voice } from './voice';

/** What lies over the app while there is a call: the ring, the stage, the small view; and its sound, wherever one is. */
@Component({
  selector: 'parley-call-overlay',
  imports: [CallEnded, CallPanels, IncomingCall, Play, SmallCall, SmallRing, Voice],
  template: `
    @switch (view.screen()) {
      @case ('ringing') {
        <parley-incoming-call />
      }
      @case ('small-ring') {
        <parley-small-ring />
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
    @defer (when check.shown() !== null || view.screen() === 'stage') {
      <parley-call-panels />
    }
    <audio
      [parleyPlay]="link.sound()"
      [speaker]="media.choice().speaker"
      [volume]="sound.volume()"
      [muted]="sound.silenced()"
      [retries]="sound.retries()"
      (refused)="sound.refused.set($event)"
      autoplay
    ></audio>
  `,
})
export class CallOverlay {
  readonly #toast = inject(Toast);
  readonly #peer = inject(Peer);
  protected readonly view = inject(CallView);
  protected readonly link = inject(CallLink);
  protected readonly media = inject(CallMedia);
  protected readonly check = inject(ReadyCheck);
  protected readonly sound = inject(CallSound);
  protected readonly t = inject(Words).t;

  constructor() {
    inject(Ringing);
    inject(CallPlatform);
    inject(LearnOutcome);
    inject(LeftCall);
    const call = inject(Call);
    effect(() => {
      if (call.state().state === 'idle') untracked(() => this.sound.reset());
    });
    effect(() => {
      const last = this.view.saidInPassing();
      if (last === null) return;
      const params = { time: duration(lastedMs(last)) };
      untracked(() => this.#toast.say(this.t(outcomeWords(last).sentence, { ...params, name: this.#peer.name() })));
    });
    const injector = inject(Injector);
    let shown = false;
    effect(() => {
      const before = shown;
      shown = this.view.screen() !== 'none';
      if (before && !shown) afterNextRender(() => keepFocus(), { injector });
    });
  }
}

/** The button of a call that was pressed last is gone with it: the focus goes to the page beneath, not to its beginning. */
function keepFocus(): void {
  if (document.activeElement === null || document.activeElement === document.body) moveFocus(document);
}
