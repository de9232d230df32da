import { Component, computed, inject } from '@angular/core';
import phone from 'lucide-static/icons/phone.svg';
import play from 'lucide-static/icons/play.svg';
import { laterWords } from '../../i18n/later-words';
import { Icon } from '../look/icon';
import { Call } from './call';
import { CallView } from './call-view';
import { Peer } from './peer';
import { PeerPortrait } from './peer-portrait';

/** A call on hold, with no other beside it, while one does something else. */
@Component({
  selector: 'parley-small-held',
  imports: [Icon, PeerPortrait],
  styleUrl: './small-call.css',
  host: { role: 'region', class: 'always-dark', '[attr.aria-label]': "t('call.held.own', names())" },
  template: `
    <button class="open" (click)="view.enlarge()">
      <parley-peer-portrait class="portrait" />
      <span class="text">
        <strong class="cut">{{ t('call.held.own', names()) }}</strong>
      </span>
    </button>
    <button
      class="round hang-up"
      (click)="call.dispatch({ type: 'end-held' })"
      [attr.aria-label]="t('call.held.endWith', names())"
      [title]="t('call.held.endWith', names())"
    >
      <parley-icon [svg]="icons.phone" />
    </button>
    <button
      class="round answer-call"
      (click)="resume()"
      [attr.aria-label]="t('call.held.resume', names())"
      [title]="t('call.held.resume', names())"
    >
      <parley-icon [svg]="icons.play" />
    </button>
  `,
})
export class SmallHeld {
  protected readonly call = inject(Call);
  protected readonly view = inject(CallView);
  protected readonly peer = inject(Peer);
  protected readonly t = laterWords();
  protected readonly icons = { phone, play };
  protected readonly names = computed(() => ({ name: this.peer.name() }));

  protected resume(): void {
    this.view.enlarge();
    this.call.dispatch({ type: 'resume' });
  }
}
