import { Component, computed, inject } from '@angular/core';
import phone from 'lucide-static/icons/phone.svg';
import video from 'lucide-static/icons/video.svg';
import { isRinging } from '#protocol/call-client-state';
import { Words } from '../../i18n/words';
import { Icon } from '../look/icon';
import { Call } from './call';
import { CallAnnouncer } from './call-announcer';
import { CallView } from './call-view';
import { Peer } from './peer';
import { PeerPortrait } from './peer-portrait';

/** A ring that was put aside, by Back or Escape, and not answered: it goes on in the same bar as a call. */
@Component({
  selector: 'parley-small-ring',
  imports: [CallAnnouncer, Icon, PeerPortrait],
  styleUrl: './small-call.css',
  host: { role: 'region', class: 'always-dark', '[attr.aria-label]': "t('call.rings', { name: peer.name() })" },
  template: `
    <button class="open" (click)="view.enlarge()">
      <parley-peer-portrait class="portrait" />
      <span class="text">
        <strong class="cut">{{ peer.name() }}</strong>
        <small class="cut">{{ t(media() === 'video' ? 'call.videoCall' : 'call.audioCall') }}</small>
      </span>
    </button>
    <button
      class="round hang-up"
      (click)="call.leave()"
      [attr.aria-label]="t('call.decline')"
      [title]="t('call.decline')"
    >
      <parley-icon [svg]="icons.phone" />
    </button>
    <button
      class="round answer-call"
      (click)="accept()"
      [attr.aria-label]="t('call.accept')"
      [title]="t('call.accept')"
    >
      <parley-icon [svg]="media() === 'video' ? icons.video : icons.phone" />
    </button>
    <parley-call-announcer />
  `,
})
export class SmallRing {
  protected readonly call = inject(Call);
  protected readonly view = inject(CallView);
  protected readonly peer = inject(Peer);
  protected readonly t = inject(Words).t;
  protected readonly icons = { phone, video };
  protected readonly media = computed(() => {
    const call = this.call.state();
    return isRinging(call) ? call.media : 'audio';
  });

  protected accept(): void {
    this.view.enlarge();
    void this.call.answer({ type: 'accept', media: this.media() });
  }
}
