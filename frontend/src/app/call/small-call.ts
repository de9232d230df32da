import { ChangeDetectionStrategy, Component, computed, inject } from '@angular/core';
import phone from 'lucide-static/icons/phone.svg';
import { Words } from '../../i18n/words';
import { Icon } from '../look/icon';
import { Call } from './call';
import { CallAnnouncer } from './call-announcer';
import { CallLink } from './call-link';
import { CallView } from './call-view';
import { CallWords } from './call-words';
import { Peer } from './peer';
import { PeerPortrait } from './peer-portrait';
import { Play } from './play';

/** The call while one does something else: who, how it stands, back to the stage, hang up. */
@Component({
  selector: 'parley-small-call',
  changeDetection: ChangeDetectionStrategy.OnPush,
  imports: [CallAnnouncer, Icon, PeerPortrait, Play],
  styleUrl: './small-call.css',
  host: { role: 'region', class: 'always-dark', '[attr.aria-label]': "t('call.callWith', { name: peer.name() })" },
  template: `
    <button class="open" (click)="view.enlarge()">
      <video [class.hidden]="!showsPeer()" [parleyPlay]="link.picture()" autoplay playsinline [muted]="true"></video>
      @if (!showsPeer()) {
        <parley-peer-portrait class="portrait" />
      }
      <span>
        <span class="unseen">{{ t('call.openCall') }}</span>
        <strong class="cut">{{ peer.name() }}</strong>
        <small>{{ words.status() }}</small>
      </span>
    </button>
    <button class="round" (click)="call.leave()" [attr.aria-label]="t('call.hangUp')">
      <parley-icon [svg]="icons.phone" />
    </button>
    <parley-call-announcer />
  `,
})
export class SmallCall {
  protected readonly call = inject(Call);
  protected readonly link = inject(CallLink);
  protected readonly view = inject(CallView);
  protected readonly words = inject(CallWords);
  protected readonly peer = inject(Peer);
  protected readonly t = inject(Words).t;
  protected readonly icons = { phone };
  protected readonly showsPeer = computed(
    () => (this.link.peer()?.video ?? 'none') !== 'none' && this.link.picture() !== null,
  );
}
