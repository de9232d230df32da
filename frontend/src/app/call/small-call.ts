import { ChangeDetectionStrategy, Component, computed, inject } from '@angular/core';
import grip from 'lucide-static/icons/grip-vertical.svg';
import micOff from 'lucide-static/icons/mic-off.svg';
import phone from 'lucide-static/icons/phone.svg';
import { Words } from '../../i18n/words';
import { Icon } from '../look/icon';
import { Call } from './call';
import { CallAnnouncer } from './call-announcer';
import { CallLink } from './call-link';
import { CallMedia } from './call-media';
import { CallView } from './call-view';
import { CallWords } from './call-words';
import { Corners } from './corners';
import { Peer } from './peer';
import { PeerPortrait } from './peer-portrait';
import { Play } from './play';

/** The call while one does something else: who, how it stands, back to the stage, hang up. It goes out of the way. */
@Component({
  selector: 'parley-small-call',
  changeDetection: ChangeDetectionStrategy.OnPush,
  imports: [CallAnnouncer, Icon, PeerPortrait, Play],
  styleUrl: './small-call.css',
  hostDirectives: [Corners],
  host: { role: 'region', class: 'always-dark', '[attr.aria-label]': "t('call.callWith', { name: peer.name() })" },
  template: `
    <button class="move" (click)="corners.next()" [attr.aria-label]="t('call.moveSmall')">
      <parley-icon [svg]="icons.grip" />
    </button>
    <button class="open" (click)="view.enlarge()">
      <video [class.hidden]="!showsPeer()" [parleyPlay]="link.picture()" autoplay playsinline [muted]="true"></video>
      @if (!showsPeer()) {
        <parley-peer-portrait class="portrait" />
      }
      <span>
        <span class="unseen">{{ t('call.openCall') }}</span>
        <strong class="cut">{{ peer.name() }}</strong>
        <small>
          @if (media.sent().microphone === 'muted') {
            <parley-icon [svg]="icons.micOff" /><span class="unseen">{{ t('call.youAreMuted') }}</span>
          }
          {{ words.status() }}
        </small>
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
  protected readonly corners = inject(Corners);
  protected readonly link = inject(CallLink);
  protected readonly media = inject(CallMedia);
  protected readonly view = inject(CallView);
  protected readonly words = inject(CallWords);
  protected readonly peer = inject(Peer);
  protected readonly t = inject(Words).t;
  protected readonly icons = { grip, micOff, phone };
  protected readonly showsPeer = computed(
    () => (this.link.peer()?.video ?? 'none') !== 'none' && this.link.picture() !== null,
  );
}
