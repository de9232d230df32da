import { computed, effect, inject, InjectionToken, Service, signal, type Type } from '@angular/core';
import { takeUntilDestroyed } from '@angular/core/rxjs-interop';
import { NavigationStart, Router } from '@angular/router';
import { isRinging, type Outcome } from '#protocol/call-client-state';
import { type CallId } from '#protocol/ids';
import { Layers } from '../look/layers';
import { Call } from './call';
import type { CallLink } from './call-link';
import { isNormalEnd, isQuiet } from './outcome';

/**
 * The conversation beside a call. It belongs to a room above this one, so whoever puts the app together names it: a
 * component whose input `id` says which.
 */
export const CALL_CHAT = new InjectionToken<() => Promise<Type<unknown>>>('the conversation beside a call');

/**
 * Hands what is written in a call from device to device while the server is away. It belongs to the same room as the
 * conversation. The link is handed in: who provides this is loaded before the parts of a call are.
 */
export const DIRECT_CHAT = new InjectionToken<(link: CallLink) => Promise<unknown>>('messages from device to device');

/** What of the call is on the screen. */
@Service()
export class CallView {
  readonly #call = inject(Call);
  /** The call this page is in, or the one that ended last. */
  readonly #callId = computed(() => {
    const call = this.#call.state();
    return call.state === 'idle' ? (this.#call.held() ?? call.last)?.callId : call.callId;
  });
  // Each names its call: the next one begins large, and without its conversation.
  readonly #smallCall = signal<CallId | undefined>(undefined);
  readonly #chatOf = signal<CallId | undefined>(undefined);
  readonly #small = computed(() => this.#smallCall() !== undefined && this.#smallCall() === this.#callId());

  readonly #asideRing = signal<CallId | undefined>(undefined);
  readonly #asks = computed(() => {
    const waiting = this.#call.waiting();
    return waiting !== null && waiting.callId !== this.#asideRing();
  });

  /** The ring beside the call about which the person is asked; null where there is none, or it was put aside. */
  readonly ringBeside = computed(() => (this.#asks() ? this.#call.waiting() : null));
  /** It was put aside and rings on. */
  readonly ringAside = computed(() => (this.#asks() ? null : this.#call.waiting()));

  /** The conversation is open beside the stage. */
  readonly chat = computed(() => this.#chatOf() !== undefined && this.#chatOf() === this.#callId());

  readonly screen = computed<'none' | 'ringing' | 'small-ring' | 'stage' | 'small' | 'held' | 'small-held' | 'ended'>(
    () => {
      const call = this.#call.state();
      if (isRinging(call)) return this.#small() ? 'small-ring' : 'ringing';
      // What rings beside a call is asked about on the stage.
      if (call.state !== 'idle') return this.#small() && !this.#asks() ? 'small' : 'stage';
      if (this.#call.held() !== null) return this.#small() ? 'small-held' : 'held';
      return call.last === null || this.#inPassing(call.last) ? 'none' : 'ended';
    },
  );

  /** An end that is said in one sentence over the open page, without a screen of its own. */
  readonly saidInPassing = computed(() => {
    const call = this.#call.state();
    return call.state === 'idle' && call.last !== null && this.#inPassing(call.last) ? call.last : null;
  });

  constructor() {
    const layers = inject(Layers);
    effect(stop => {
      if (this.screen() === 'stage' && this.chat()) stop(layers.open(() => this.closeChat()));
    });
    // A page that opens beneath the stage (a tap on a notification, a link from another app) is what one wants to see.
    inject(Router)
      .events.pipe(takeUntilDestroyed())
      .subscribe(event => {
        const asked = event instanceof NavigationStart && event.navigationTrigger === 'imperative';
        if (asked && this.screen() === 'stage') this.shrink();
      });
  }

  /** Leaves the stage or the ring: the call goes on in a small view beside the open page. */
  shrink(): void {
    this.#smallCall.set(this.#callId());
    this.closeChat();
  }

  /** Puts the ring beside the call aside; the call goes on. */
  putRingAside(): void {
    this.#asideRing.set(this.#call.waiting()?.callId);
  }

  askAboutRing(): void {
    this.#asideRing.set(undefined);
  }

  enlarge(): void {
    this.#smallCall.set(undefined);
  }

  toggleChat(): void {
    this.#chatOf.set(this.chat() ? undefined : this.#callId());
  }

  closeChat(): void {
    this.#chatOf.set(undefined);
  }

  /**
   * While the call is small one does something else, which a screen that says "Call ended" would only interrupt; and a call
   * on hold is of more interest than one that is over.
   */
  #inPassing(last: Outcome): boolean {
    return isQuiet(last) || this.#call.held() !== null || (this.#small() && isNormalEnd(last));
  }
}
