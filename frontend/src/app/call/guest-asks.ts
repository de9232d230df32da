import { Component, computed, inject } from '@angular/core';
import doorOpen from 'lucide-static/icons/door-open.svg';
import shieldQuestion from 'lucide-static/icons/shield-question-mark.svg';
import volumeX from 'lucide-static/icons/volume-x.svg';
import { isRinging } from '#protocol/call-client-state';
import { guestWords } from '../../i18n/guest-words';
import { Icon } from '../look/icon';
import { Call } from './call';
import { CallView } from './call-view';
import { Peer } from './peer';
import { PeerPortrait } from './peer-portrait';
import { Ringing } from './ringing';
import { Stage } from './stage';
import { tellRingShown } from './tell-ring-shown';

/** A guest knocks: the name that they have typed, in quotes, what it is worth, and the two answers. */
@Component({
  selector: 'parley-guest-asks',
  imports: [Icon, PeerPortrait, Stage],
  styleUrl: './stage.css',
  template: `
    <dialog
      parleyStage
      class="ring"
      aria-labelledby="guest-name"
      aria-describedby="guest-kind guest-worth"
      (escaped)="view.shrink()"
    >
      <div class="person">
        <div class="who">
          <p id="guest-kind">{{ t('guest.asks') }}</p>
          <parley-peer-portrait class="ringing" style="margin-top: 36px" />
          <h1 id="guest-name" tabindex="-1" data-first-focus>{{ peer.name() }}</h1>
          <p>{{ t('guest.byLink') }}</p>
          @if (ringing.silent() || ringing.quiet()) {
            <p class="pill">
              <parley-icon [svg]="icons.volumeX" />{{ t(ringing.quiet() ? 'call.quiet' : 'call.silent') }}
            </p>
          }
        </div>
        <div class="answers-down">
          <p id="guest-worth" class="worth"><parley-icon [svg]="icons.shield" />{{ t('guest.anybody') }}</p>
          <button class="let" [attr.aria-disabled]="answering()" (click)="letIn()">
            <parley-icon [svg]="icons.doorOpen" />{{ t(answering() ? 'call.connecting' : 'guest.letIn') }}
          </button>
          <button (click)="call.leave()">{{ t('guest.turnAway') }}</button>
        </div>
      </div>
    </dialog>
  `,
  styles: `
    .answers-down {
      display: grid;
      gap: 12px;
      width: min(100%, 360px);
    }

    .worth {
      display: flex;
      align-items: flex-start;
      gap: 10px;
      color: #ffffffd1;
      font-size: 0.9375rem;
      text-align: start;
    }

    .worth parley-icon {
      --icon-size: 20px;
      flex: none;
    }

    .answers-down button {
      display: flex;
      align-items: center;
      justify-content: center;
      gap: 10px;
      min-height: 50px;
      border: 0;
      border-radius: 25px;
      background: #ffffff29;
      color: #ffffff;
      font-weight: 600;
      cursor: pointer;
    }

    .answers-down button:hover {
      background: #ffffff3d;
    }

    .answers-down .let {
      background: var(--answer);
    }

    .answers-down .let:hover {
      background: #1d8048;
    }

    .let parley-icon {
      --icon-size: 20px;
    }
  `,
})
export class GuestAsks {
  protected readonly call = inject(Call);
  protected readonly view = inject(CallView);
  protected readonly peer = inject(Peer);
  protected readonly ringing = inject(Ringing);
  protected readonly t = guestWords();
  protected readonly icons = { doorOpen, shield: shieldQuestion, volumeX };
  readonly #ring = computed(() => {
    const call = this.call.state();
    return isRinging(call) ? call : null;
  });
  protected readonly answering = computed(
    () => this.#ring() !== null && this.call.answering() === this.#ring()?.callId,
  );

  constructor() {
    tellRingShown(this.call);
  }

  protected letIn(): void {
    const media = this.#ring()?.media;
    if (media !== undefined) void this.call.answer({ type: 'accept', media });
  }
}
