import { Component, computed, inject, input } from '@angular/core';
import { type Incoming } from '#protocol/call-client-state';
import { laterWords } from '../../i18n/later-words';
import { Call } from './call';
import { Peer } from './peer';

/** Why a ring that was answered here could not be: nothing that is said in its call could be sealed. Nothing while that is not known. */
@Component({
  selector: 'parley-unanswerable',
  template: `
    @if (sentence(); as sentence) {
      <p role="alert">{{ sentence }}</p>
    }
  `,
})
export class Unanswerable {
  readonly #call = inject(Call);
  readonly #peer = inject(Peer);
  readonly #t = laterWords();
  readonly ring = input.required<Incoming | null>();
  protected readonly sentence = computed(() => {
    const [ring, why] = [this.ring(), this.#call.unanswerable()];
    if (ring === null || why?.callId !== ring.callId) return '';
    return this.#t(`call.ended.sentence.${why.reason}`, { name: this.#peer.personOf(ring.peerId).displayName });
  });
}
