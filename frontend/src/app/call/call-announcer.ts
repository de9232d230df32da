import { Component, inject } from '@angular/core';
import { CallWords } from './call-words';

/** Says every change of the call to a screen reader. It stands inside the screen that is shown: a modal makes the rest mute. */
@Component({
  selector: 'parley-call-announcer',
  template: `
    <p class="unseen" role="status">{{ words.announcement() }}</p>
    <p class="unseen" role="status">{{ words.ownAnnouncement() }}</p>
    <p class="unseen" role="status">{{ words.peerAnnouncement() }}</p>
  `,
})
export class CallAnnouncer {
  protected readonly words = inject(CallWords);
}
