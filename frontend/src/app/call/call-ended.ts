import { Component, computed, effect, inject, signal } from '@angular/core';
import messageCircle from 'lucide-static/icons/message-circle.svg';
import phone from 'lucide-static/icons/phone.svg';
import video from 'lucide-static/icons/video.svg';
import x from 'lucide-static/icons/x.svg';
import { duration } from '../../i18n/dates';
import { laterWords } from '../../i18n/later-words';
import { Icon } from '../look/icon';
import { Call } from './call';
import { isNormalEnd, lastedMs, outcomeWords } from './outcome';
import { Peer } from './peer';
import { PeerPortrait } from './peer-portrait';
import { Stage } from './stage';

/** How long the end of a conversation is shown to a person who does nothing, ms. */
const NORMAL_END_MS = 3_000;

/** A call is over: why, and what one can do next. After a normal end it goes by itself. */
@Component({
  selector: 'parley-call-ended',
  imports: [Icon, PeerPortrait, Stage],
  styleUrl: './stage.css',
  template: `
    @if (last(); as last) {
      <dialog
        parleyStage
        tabindex="-1"
        aria-labelledby="ended-title"
        aria-describedby="ended-sentence"
        (escaped)="close()"
        (pointermove)="stir()"
        (keydown)="stir()"
      >
        <div class="person">
          <div class="who">
            <parley-peer-portrait style="--portrait-size: 112px" />
            <h1 id="ended-title" tabindex="-1" data-first-focus>{{ t(last.words.title, { name: peer.name() }) }}</h1>
            <p id="ended-sentence">{{ t(last.words.sentence, { name: peer.name(), time: last.time }) }}</p>
          </div>
          <div class="answers">
            <div class="answer">
              <button class="round" (click)="close()" [attr.aria-label]="t('call.ended.close')">
                <parley-icon [svg]="icons.x" />
              </button>
              <span aria-hidden="true">{{ t('call.ended.close') }}</span>
            </div>
            @if (peer.conversation()) {
              <div class="answer">
                <button class="round" (click)="message()" [attr.aria-label]="t('call.ended.message')">
                  <parley-icon [svg]="icons.messageCircle" style="--icon-size: 26px" />
                </button>
                <span aria-hidden="true">{{ t('call.ended.message') }}</span>
              </div>
            }
            @if (!peer.isGuest()) {
              <div class="answer">
                <button class="round answer-call" (click)="again()" [attr.aria-label]="t('call.ended.callAgain')">
                  <parley-icon [svg]="last.media === 'video' ? icons.video : icons.phone" style="--icon-size: 26px" />
                </button>
                <span aria-hidden="true">{{ t('call.ended.callAgain') }}</span>
              </div>
            }
          </div>
        </div>
      </dialog>
    }
  `,
})
export class CallEnded {
  readonly #call = inject(Call);
  protected readonly peer = inject(Peer);
  protected readonly t = laterWords();
  protected readonly icons = { messageCircle, phone, video, x };

  protected readonly last = computed(() => {
    const call = this.#call.state();
    const outcome = call.state === 'idle' ? call.last : null;
    if (outcome === null) return null;
    const { media } = outcome;
    return { media, words: outcomeWords(outcome), time: duration(lastedMs(outcome)), goes: isNormalEnd(outcome) };
  });
  readonly #stirred = signal(0);

  constructor() {
    effect(stop => {
      this.#stirred();
      if (this.last()?.goes !== true) return;
      const timer = setTimeout(() => this.close(), NORMAL_END_MS);
      stop(() => clearTimeout(timer));
    });
  }

  /** Somebody reaches for a button: it does not go from under their hand. */
  protected stir(): void {
    this.#stirred.update(times => times + 1);
  }

  protected close(): void {
    this.#call.dispatch({ type: 'dismiss' });
  }

  protected message(): void {
    this.peer.openConversation();
    this.close();
  }

  protected again(): void {
    const call = this.#call.state();
    if (call.state === 'idle' && call.last !== null) this.#call.place(call.last.peerId, call.last.media);
  }
}
