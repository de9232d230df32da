import { computed, inject, Service } from '@angular/core';
import { type Media } from '#protocol/call-frames';
import { isIdle } from '#protocol/call-client-state';
import { type UserId } from '#protocol/ids';
import { Words } from '../../i18n/words';
import { type CallStarter } from '../contacts/call-starter';
import { Toast } from '../look/toast';
import { Call } from './call';
import { CallView } from './call-view';
import { ReadyCheck } from './ready-check';

/** How the rooms below place a call. */
@Service()
export class PlaceCall implements CallStarter {
  readonly #call = inject(Call);
  readonly #check = inject(ReadyCheck);
  readonly #view = inject(CallView);
  readonly #toast = inject(Toast);
  readonly #words = inject(Words);

  readonly current = computed(() => {
    const call = this.#call.state();
    return isIdle(call) ? this.#call.held()?.peerId : call.peerId;
  });

  place(peerId: UserId, media: Media): void {
    if (isIdle(this.#call.state()) && this.#call.held() === null) void this.#placeReady(peerId, media);
    else if (this.current() === peerId) this.returnToCall();
    else this.#toast.say(this.#words.t('call.alreadyInCall'));
  }

  /** The first video call of a device begins with a look at oneself. */
  async #placeReady(peerId: UserId, media: Media): Promise<void> {
    const looks = media === 'video' && !this.#check.isDone && (await this.#check.show({ place: peerId }));
    if (!looks) this.#call.place(peerId, media);
  }

  returnToCall(): void {
    this.#view.enlarge();
  }
}
