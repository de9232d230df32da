import { Component, inject } from '@angular/core';
import { Avatar } from '../contacts/avatar';
import { Peer } from './peer';

/** The picture of the person at the other end; the class `ringing` draws rings around it. */
@Component({
  selector: 'parley-peer-portrait',
  imports: [Avatar],
  template: `<parley-avatar [person]="peer.person()" [dot]="false" />`,
  styleUrl: './peer-portrait.css',
})
export class PeerPortrait {
  protected readonly peer = inject(Peer);
}
