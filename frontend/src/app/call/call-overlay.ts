import { afterNextRender, Component, computed, effect, inject, Injector, untracked } from '@angular/core';
import { type Outcome } from '#protocol/call-client-state';
import { duration } from '../../i18n/dates';
import { Words } from '../../i18n/words';
import { remembered, rememberedByTab } from '../device/remembered';
import { moveFocus } from '../look/route-focus';
import { Toast } from '../look/toast';
import { Call } from './call';
import { CallElsewhere } from './call-elsewhere';
import { CallLink } from './call-link';
import { CallMedia } from './call-media';
import { CallPanels } from './call-panels';
import { CallSound } from './call-sound';
import { CallView } from './call-view';
import { IncomingCall } from './incoming-call';
import { lastedMs, outcomeWords } from './outcome';
import { MoveHere } from './move-here';
import { Peer } from './peer';
import { Play } from './play';
import { ReadyCheck } from './ready-check';
import { Ringing } from './ringing';
import { Voice } from './voice';

/** What lies over the app while there is a call: the ring, the stage, the small view; and its sound, wherever one is. */
@Component({
  selector: 'parley-call-overlay',
  imports: [CallPanels, IncomingCall, MoveHere, Play, Voice],
  template: `
    @switch (view.screen()) {
      @case ('ringing') {
        @if (!peer.isGuest()) {
          <parley-incoming-call />
        }
      }
      @case ('stage') {
        <parley-voice />
      }
    }
    @defer (when elsewhere.call() !== null) {
      <parley-move-here />
    }
    @defer (when goesOn || check.shown() !== null || view.screen() !== 'none') {
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
  protected readonly peer = inject(Peer);
  readonly #call = inject(Call);
  /** How a call ended that was on hold. */
  readonly #passed = computed(() => this.#call.calls().passed);
  /** An earlier page has left a call, recordings that were neither saved nor deleted, or links for guests. */
  protected readonly goesOn =
    rememberedByTab('parley.leftCall') !== null ||
    remembered('parley.recording') !== null ||
    remembered('parley.guest-links') !== null;
  protected readonly view = inject(CallView);
  protected readonly elsewhere = inject(CallElsewhere);
  protected readonly link = inject(CallLink);
  protected readonly media = inject(CallMedia);
  protected readonly check = inject(ReadyCheck);
  protected readonly sound = inject(CallSound);
  protected readonly t = inject(Words).t;

  constructor() {
    this.check.fetchSheets = () => import('./call-panels');
    inject(Ringing);
    // How loud somebody is, or that they are silenced, was chosen for one call.
    const present = computed(() => {
      const state = this.#call.state();
      return state.state === 'idle' ? undefined : state.callId;
    });
    effect(() => {
      present();
      untracked(() => this.sound.reset());
    });
    effect(() => this.#say(this.view.saidInPassing()));
    effect(() => this.#say(this.#passed()));
    const injector = inject(Injector);
    let shown = false;
    effect(() => {
      const before = shown;
      shown = this.view.screen() !== 'none';
      if (before && !shown) afterNextRender(() => keepFocus(), { injector });
    });
  }

  /** An end that has no screen of its own. */
  #say(last: Outcome | null): void {
    if (last === null) return;
    const { sentence } = outcomeWords(last);
    const time = duration(lastedMs(last));
    untracked(() => this.#toast.say(this.t(sentence, { time, name: this.peer.personOf(last.peerId).displayName })));
  }
}

/** The button of a call that was pressed last is gone with it: the focus goes to the page beneath, not to its beginning. */
function keepFocus(): void {
  if (document.activeElement === null || document.activeElement === document.body) moveFocus(document);
}
