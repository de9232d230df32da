import { Component, computed, inject } from '@angular/core';
import maximize from 'lucide-static/icons/maximize-2.svg';
import mic from 'lucide-static/icons/mic.svg';
import micOff from 'lucide-static/icons/mic-off.svg';
import phone from 'lucide-static/icons/phone.svg';
import { Words } from '../../i18n/words';
import { Icon } from '../look/icon';
import { Call } from './call';
import { CallAnnouncer } from './call-announcer';
import { CallLink } from './call-link';
import { CallMedia } from './call-media';
import { CallTrust } from './call-trust';
import { CallView } from './call-view';
import { CallWords } from './call-words';
import { Peer } from './peer';
import { PeerPortrait } from './peer-portrait';
import { Play } from './play';
import { RecordingMark } from './recording/recording-mark';

/**
 * The call while one does something else: who, how it stands, mute, hang up, and back to the stage. A bar in the page and not
 * a window over it: it covers no message and no field.
 */
@Component({
  selector: 'parley-small-call',
  imports: [CallAnnouncer, CallTrust, Icon, PeerPortrait, Play, RecordingMark],
  styleUrl: './small-call.css',
  host: { role: 'region', class: 'always-dark', '[attr.aria-label]': "t('call.callWith', { name: peer.name() })" },
  template: `
    <button class="open" (click)="view.enlarge()">
      <video [class.hidden]="!showsPeer()" [parleyPlay]="link.picture()" autoplay playsinline [muted]="true"></video>
      @if (!showsPeer()) {
        <parley-peer-portrait class="portrait" />
      }
      <span class="text">
        <strong class="cut">{{ peer.name() }}</strong>
        <small>
          <span class="cut">{{ words.status() }}</span>
          <parley-call-trust [short]="true" />
        </small>
      </span>
      <span class="return"><parley-icon [svg]="icons.maximize" />{{ t('call.returnToCall') }}</span>
    </button>
    <button
      class="round"
      [attr.aria-pressed]="media.muted()"
      [attr.aria-label]="t('call.mute')"
      [title]="t('call.mute')"
      (click)="media.toggleMute()"
    >
      <parley-icon [svg]="media.muted() ? icons.micOff : icons.mic" />
    </button>
    <button
      class="round hang-up"
      (click)="call.leave()"
      [attr.aria-label]="t('call.hangUp')"
      [title]="t('call.hangUp')"
    >
      <parley-icon [svg]="icons.phone" />
    </button>
    <parley-recording-mark />
    <parley-call-announcer />
  `,
})
export class SmallCall {
  protected readonly call = inject(Call);
  protected readonly link = inject(CallLink);
  protected readonly media = inject(CallMedia);
  protected readonly view = inject(CallView);
  protected readonly words = inject(CallWords);
  protected readonly peer = inject(Peer);
  protected readonly t = inject(Words).t;
  protected readonly icons = { maximize, mic, micOff, phone };
  protected readonly showsPeer = computed(
    () => (this.link.peer()?.video ?? 'none') !== 'none' && this.link.picture() !== null,
  );
}
