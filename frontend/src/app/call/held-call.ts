import { Component, computed, inject } from '@angular/core';
import phone from 'lucide-static/icons/phone.svg';
import play from 'lucide-static/icons/play.svg';
import { laterWords } from '../../i18n/later-words';
import { Icon } from '../look/icon';
import { Call } from './call';
import { CallView } from './call-view';
import { Peer } from './peer';
import { PeerPortrait } from './peer-portrait';
import { Stage } from './stage';

/** The other call is over, and one is still on hold: it is offered. */
@Component({
  selector: 'parley-held-call',
  imports: [Icon, PeerPortrait, Stage],
  styleUrl: './stage.css',
  template: `
    <dialog parleyStage class="ring" aria-labelledby="held-name" (escaped)="view.shrink()">
      <div class="person">
        <div class="who">
          <parley-peer-portrait />
          <h1 id="held-name" tabindex="-1" data-first-focus>{{ t('call.held.own', names()) }}</h1>
        </div>
        <div class="foot">
          <button class="pill resume" (click)="call.dispatch({ type: 'resume' })">
            <parley-icon [svg]="icons.play" />{{ t('call.held.resume', names()) }}
          </button>
          <div class="answer down">
            <button
              class="round large hang-up"
              (click)="call.dispatch({ type: 'end-held' })"
              [attr.aria-label]="t('call.held.endWith', names())"
            >
              <parley-icon [svg]="icons.phone" style="--icon-size: 30px" />
            </button>
            <span aria-hidden="true">{{ t('call.held.end') }}</span>
          </div>
        </div>
      </div>
    </dialog>
  `,
})
export class HeldCall {
  protected readonly call = inject(Call);
  protected readonly view = inject(CallView);
  protected readonly peer = inject(Peer);
  protected readonly t = laterWords();
  protected readonly icons = { phone, play };
  protected readonly names = computed(() => ({ name: this.peer.name() }));
}
