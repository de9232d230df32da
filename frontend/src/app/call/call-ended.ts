import { ChangeDetectionStrategy, Component, computed, inject } from '@angular/core';
import messageCircle from 'lucide-static/icons/message-circle.svg';
import phone from 'lucide-static/icons/phone.svg';
import video from 'lucide-static/icons/video.svg';
import x from 'lucide-static/icons/x.svg';
import { duration } from '../../i18n/dates';
import { Words } from '../../i18n/words';
import { Icon } from '../look/icon';
import { Call } from './call';
import { lastedMs, outcomeWords } from './outcome';
import { Peer } from './peer';
import { PeerPortrait } from './peer-portrait';
import { Stage } from './stage';

/** A call is over: why, and what one can do next. */
@Component({
  selector: 'parley-call-ended',
  changeDetection: ChangeDetectionStrategy.OnPush,
  imports: [Icon, PeerPortrait, Stage],
  styleUrl: './stage.css',
  template: `
    @if (last(); as last) {
      <dialog parleyStage aria-labelledby="ended-title" aria-describedby="ended-sentence" (escaped)="close()">
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
            <div class="answer">
              <button class="round answer-call" (click)="again()" [attr.aria-label]="t('call.ended.callAgain')">
                <parley-icon [svg]="last.media === 'video' ? icons.video : icons.phone" style="--icon-size: 26px" />
              </button>
              <span aria-hidden="true">{{ t('call.ended.callAgain') }}</span>
            </div>
          </div>
        </div>
      </dialog>
    }
  `,
})
export class CallEnded {
  readonly #call = inject(Call);
  protected readonly peer = inject(Peer);
  protected readonly t = inject(Words).t;
  protected readonly icons = { messageCircle, phone, video, x };

  protected readonly last = computed(() => {
    const call = this.#call.state();
    const outcome = call.state === 'idle' ? call.last : null;
    return outcome && { media: outcome.media, words: outcomeWords(outcome), time: duration(lastedMs(outcome)) };
  });

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
