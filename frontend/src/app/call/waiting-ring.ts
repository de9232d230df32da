import { afterNextRender, Component, computed, type ElementRef, inject, input, output, viewChild } from '@angular/core';
import pause from 'lucide-static/icons/pause.svg';
import phone from 'lucide-static/icons/phone.svg';
import { canHold } from '#protocol/call-client';
import { type Incoming } from '#protocol/call-client-state';
import { isGuest } from '#protocol/ids';
import { laterWords } from '../../i18n/later-words';
import { Avatar } from '../contacts/avatar';
import { Icon } from '../look/icon';
import { openLayer } from '../look/layers';
import { Call } from './call';
import { NotNow } from './not-now';
import { Peer } from './peer';
import { Unanswerable } from './unanswerable';

/** Somebody rings during a call: who, and the answers, each said with the names. A sheet over the stage. */
@Component({
  selector: 'parley-waiting-ring',
  imports: [Avatar, Icon, NotNow, Unanswerable],
  styleUrl: './waiting-ring.css',
  template: `
    <dialog
      #sheet
      tabindex="-1"
      aria-labelledby="waiting-name"
      aria-describedby="waiting-kind"
      (close)="closed.emit()"
      (keydown)="$event.stopPropagation()"
    >
      <header>
        <parley-avatar [person]="person()" [dot]="false" />
        <div>
          <h2 id="waiting-name">{{ t('call.rings', names()) }}</h2>
          <p id="waiting-kind">{{ t(ring().media === 'video' ? 'call.waiting.video' : 'call.waiting.audio') }}</p>
          @if (isGuest()) {
            <p>{{ t('guest.anybody') }}</p>
          }
        </div>
      </header>
      <parley-unanswerable [ring]="ring()" />
      @if (holds()) {
        <button class="hold" (click)="answer('hold-and-accept')">
          <parley-icon [svg]="icons.pause" />{{ t('call.waiting.hold', names()) }}
        </button>
      }
      <button class="end" (click)="answer('end-and-accept')">
        <parley-icon [svg]="icons.phone" />{{ t('call.waiting.end', names()) }}
      </button>
      <button class="decline" (click)="decline()">{{ t('call.decline') }}</button>
      @if (!isGuest()) {
        <parley-not-now [from]="ring().peerId" (said)="decline()" />
      }
    </dialog>
  `,
})
export class WaitingRing {
  readonly #peer = inject(Peer);
  private readonly sheet = viewChild.required<ElementRef<HTMLDialogElement>>('sheet');
  protected readonly call = inject(Call);
  protected readonly t = laterWords();
  protected readonly icons = { pause, phone };

  readonly ring = input.required<Incoming>();
  /** It was put aside by Back or Escape, and rings on. */
  readonly closed = output();

  protected readonly person = computed(() => this.#peer.personOf(this.ring().peerId));
  protected readonly names = computed(() => ({ name: this.person().displayName, current: this.#peer.name() }));
  protected readonly isGuest = computed(() => isGuest(this.ring().peerId));
  protected readonly holds = computed(() => canHold(this.call.calls()));

  constructor() {
    afterNextRender(() => {
      const sheet = this.sheet().nativeElement;
      sheet.showModal();
      // Not on the first answer: a space may have been meant for a sentence.
      sheet.focus();
      this.call.dispatch({ type: 'ring-shown' });
    });
    openLayer(() => this.sheet().nativeElement.close());
  }

  protected decline(): void {
    this.call.dispatch({ type: 'decline-waiting' });
  }

  protected answer(type: 'hold-and-accept' | 'end-and-accept'): void {
    void this.call.answer({ type, media: this.ring().media });
  }
}
