import { Component, computed, inject } from '@angular/core';
import messageCircle from 'lucide-static/icons/message-circle.svg';
import phone from 'lucide-static/icons/phone.svg';
import video from 'lucide-static/icons/video.svg';
import volumeX from 'lucide-static/icons/volume-x.svg';
import { isRinging } from '#protocol/call-client-state';
import { type Media } from '#protocol/call-frames';
import { Words } from '../../i18n/words';
import { Icon } from '../look/icon';
import { Call } from './call';
import { CallView } from './call-view';
import { NotNow } from './not-now';
import { Peer } from './peer';
import { PeerPortrait } from './peer-portrait';
import { ReadyCheck } from './ready-check';
import { Ringing } from './ringing';
import { Stage } from './stage';
import { tellRingShown } from './tell-ring-shown';
import { Unanswerable } from './unanswerable';

/** Somebody rings: who, and the three answers. Nothing is captured before one of them. */
@Component({
  selector: 'parley-incoming-call',
  imports: [Icon, NotNow, PeerPortrait, Stage, Unanswerable],
  styleUrl: './stage.css',
  template: `
    <dialog
      parleyStage
      class="ring"
      aria-labelledby="ringing-name"
      aria-describedby="ringing-kind"
      (escaped)="view.shrink()"
    >
      <div class="person">
        <div class="who">
          <p id="ringing-kind" aria-live="polite">{{ t(kind()) }}</p>
          <parley-peer-portrait class="ringing" style="margin-top: 36px" />
          <h1 id="ringing-name" tabindex="-1" data-first-focus>{{ peer.name() }}</h1>
          @if (others(); as others) {
            <p>{{ count('call.alsoRinging', others) }}</p>
          }
          @defer (when unanswerable()) {
            <parley-unanswerable [ring]="ring()" />
          }
          @if (ringing.silent() || ringing.quiet()) {
            <p class="pill">
              <parley-icon [svg]="icons.volumeX" />{{ t(ringing.quiet() ? 'call.quiet' : 'call.silent') }}
            </p>
          }
        </div>
        <div class="foot">
          <div class="answers">
            <div class="answer down">
              <button class="round large hang-up" (click)="decline()" [attr.aria-label]="t('call.decline')">
                <parley-icon [svg]="icons.phone" style="--icon-size: 30px" />
              </button>
              <span aria-hidden="true">{{ t('call.decline') }}</span>
            </div>
            @if (media() === 'video') {
              <div class="answer">
                <button
                  class="round"
                  [attr.aria-disabled]="answering()"
                  (click)="accept('audio')"
                  [attr.aria-label]="t('call.audioOnly')"
                >
                  <parley-icon [svg]="icons.phone" style="--icon-size: 26px" />
                </button>
                <span aria-hidden="true">{{ t('call.audioOnly') }}</span>
              </div>
            }
            <div class="answer">
              <button
                class="round large answer-call"
                [attr.aria-disabled]="answering()"
                (click)="accept(media())"
                [attr.aria-label]="t('call.accept')"
              >
                <parley-icon [svg]="media() === 'video' ? icons.video : icons.phone" style="--icon-size: 28px" />
              </button>
              <span aria-hidden="true">{{ t('call.accept') }}</span>
            </div>
          </div>
          @defer (on immediate) {
            <parley-not-now (said)="decline()" />
          }
          <div class="others">
            @if (peer.conversation()) {
              <button class="pill" (click)="reply()">
                <parley-icon [svg]="icons.messageCircle" />{{ t('call.replyWithMessage') }}
              </button>
            }
            @if (media() === 'video') {
              <button class="pill" (click)="look()">
                <parley-icon [svg]="icons.video" />{{ t('call.preview.first') }}
              </button>
            }
          </div>
        </div>
      </div>
    </dialog>
  `,
})
export class IncomingCall {
  readonly #call = inject(Call);
  readonly #check = inject(ReadyCheck);
  protected readonly view = inject(CallView);
  protected readonly peer = inject(Peer);
  protected readonly ringing = inject(Ringing);
  protected readonly t = inject(Words).t;
  protected readonly count = inject(Words).count;
  protected readonly icons = { messageCircle, phone, video, volumeX };
  protected readonly ring = computed(() => {
    const call = this.#call.state();
    return isRinging(call) ? call : null;
  });
  protected readonly unanswerable = computed(() => this.#call.unanswerable() !== null);
  protected readonly media = computed(() => this.ring()?.media ?? 'audio');
  /** It was answered here, and its keys are looked at. */
  protected readonly answering = computed(() => this.ring() !== null && this.#call.answering() === this.ring()?.callId);
  protected readonly kind = computed(() => {
    if (this.answering()) return 'call.connecting';
    return this.media() === 'video' ? 'call.videoCall' : 'call.audioCall';
  });
  /** Devices that show this ring beside this one. */
  protected readonly others = computed(() => Math.max(0, (this.ring()?.devices ?? 0) - 1));

  constructor() {
    tellRingShown(this.#call);
  }

  protected accept(media: Media): void {
    void this.#call.answer({ type: 'accept', media });
  }

  protected decline(): void {
    this.#call.leave();
  }

  /** It goes on ringing meanwhile. */
  protected look(): void {
    void this.#check.show({ accept: true });
  }

  protected reply(): void {
    // Once the call is left nobody knows any more who it was with.
    this.peer.openConversation();
    this.#call.leave();
  }
}
