import { effect, inject, Service, untracked } from '@angular/core';
import { callLog } from '#protocol/api/calls';
import { type CallId } from '#protocol/ids';
import { Api } from '../account/api';
import { Signaling } from '../signaling/signaling';
import { Call } from './call';

/** Reads in the call log why a call ended that this page could not hear the end of. */
@Service()
export class LearnOutcome {
  readonly #call = inject(Call);
  readonly #api = inject(Api);

  constructor() {
    const signaling = inject(Signaling);
    effect(() => {
      const call = this.#call.state();
      const unheard = call.state === 'idle' && call.last?.reason === 'unheard' ? call.last.callId : undefined;
      if (unheard !== undefined && signaling.status().is === 'live') untracked(() => void this.#learn(unheard));
    });
  }

  async #learn(callId: CallId): Promise<void> {
    const log = await this.#api.request('GET', '/api/calls?limit=5', { answer: callLog });
    const entry = log.ok ? log.value.items.find(item => item.callId === callId) : undefined;
    if (entry?.reason !== undefined) this.#call.dispatch({ type: 'learned', callId, reason: entry.reason });
  }
}
