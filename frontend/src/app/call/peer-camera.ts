import { Component, inject } from '@angular/core';
import { laterWords } from '../../i18n/later-words';
import { CallLink } from './call-link';
import { Corners } from './corners';
import { Peer } from './peer';
import { Play } from './play';

/** The other person's camera beside the screen that they share: in a corner, and moved like one's own picture. */
@Component({
  selector: 'parley-peer-camera',
  imports: [Play],
  styleUrl: './self-view.css',
  hostDirectives: [Corners],
  template: `
    <button [attr.aria-label]="peer.name() + ': ' + t('call.movePeer')" (click)="corners.next()">
      <video [parleyPlay]="link.beside()" autoplay playsinline [muted]="true"></video>
      <span class="cut">{{ peer.name() }}</span>
    </button>
  `,
})
export class PeerCamera {
  protected readonly link = inject(CallLink);
  protected readonly peer = inject(Peer);
  protected readonly corners = inject(Corners);
  protected readonly t = laterWords();

  constructor() {
    // Where one's own picture does not begin.
    this.corners.corner.set(matchMedia('(width >= 900px)').matches ? 'high far' : 'high near');
  }
}
