import { computed, inject, Service } from '@angular/core';
import { type Media } from '#protocol/call-frames';
import { isIdle } from '#protocol/call-client-state';
import { type UserId } from '#protocol/ids';
import { Words } from '../../i18n/words';
import { type CallStarter } from '../contacts/call-starter';
import { Toast } from '../look/toast';
import { Call } from './call';
import { CallView } from './call-view';

/** How the rooms below place a call. */
@Service()
export class PlaceCall implements CallStarter {
  readonly #call = inject(Call);
  readonly #view = inject(CallView);
  readonly #toast = inject(Toast);
  readonly #words = inject(Words);

  readonly current = computed(() => {
    const call = this.#call.state();
    return isIdle(call) ? undefined : call.peerId;
  });

  place(peerId: UserId, media: Media): void {
    if (isIdle(this.#call.state())) this.#call.place(peerId, media);
    else if (this.current() === peerId) this.returnToCall();
    else this.#toast.say(this.#words.t('call.alreadyInCall'));
  }

  returnToCall(): void {
    this.#view.enlarge();
  }
}
