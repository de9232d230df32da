import { computed, effect, inject, Injectable, InjectionToken, signal, type Type, untracked } from '@angular/core';
import { isRinging } from '#protocol/call-client-state';
import { Call } from './call';
import { isQuiet } from './outcome';

/**
 * The conversation beside a call. It belongs to a room above this one, so whoever puts the app together names it: a
 * component whose input `id` says which.
 */
export const CALL_CHAT = new InjectionToken<() => Promise<Type<unknown>>>('the conversation beside a call');

/** What of the call is on the screen. */
@Injectable({ providedIn: 'root' })
export class CallView {
  readonly #call = inject(Call);
  readonly #callId = computed(() => {
    const call = this.#call.state();
    return call.state === 'idle' ? null : call.callId;
  });
  readonly #small = signal(false);
  readonly #chat = signal(false);

  /** The conversation is open beside the stage. */
  readonly chat = this.#chat.asReadonly();

  readonly screen = computed<'none' | 'ringing' | 'stage' | 'small' | 'ended'>(() => {
    const call = this.#call.state();
    if (isRinging(call)) return 'ringing';
    if (call.state !== 'idle') return this.#small() ? 'small' : 'stage';
    return call.last === null || isQuiet(call.last) ? 'none' : 'ended';
  });

  constructor() {
    effect(() => {
      this.#callId();
      untracked(() => this.enlarge());
    });
  }

  /** Leaves the stage: the call goes on in a small view over whatever one does. */
  shrink(): void {
    this.#small.set(true);
    this.#chat.set(false);
  }

  enlarge(): void {
    this.#small.set(false);
    this.#chat.set(false);
  }

  toggleChat(): void {
    this.#chat.update(open => !open);
  }
}
