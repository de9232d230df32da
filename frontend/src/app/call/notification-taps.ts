import { effect, inject, Service, signal, untracked } from '@angular/core';
import { Router } from '@angular/router';
import { callId, type CallId } from '#protocol/ids';
import { canHold } from '#protocol/call-client';
import { isRinging } from '#protocol/call-client-state';
import { openTaps } from '../device/kept-data';
import { BrowserPush } from '../push/browser-push';
import { Call } from './call';

/** A tap older than this is no answer any more, ms. */
const FRESH_MS = 60_000;

/**
 * Follows taps on notifications. A call is accepted here only if its notification's own button was pressed: an address could
 * be sent by anybody, a message of our worker and its cache cannot.
 */
@Service()
export class NotificationTaps {
  readonly #browser = inject(BrowserPush);
  readonly #router = inject(Router);
  readonly #call = inject(Call);
  readonly #accepted = signal<CallId | undefined>(undefined);

  constructor() {
    this.#browser.onMessage('parley.tap', tap => this.#tapped(tap));
    // Refused where site data is blocked: then no worker has left anything either.
    void this.#waiting().catch(() => undefined);
    effect(() => {
      const call = this.#call.waiting() ?? this.#call.state();
      if (!isRinging(call) || call.callId !== this.#accepted()) return;
      // What the button cannot say, whether the current call is to end, the screen asks.
      const beside = this.#call.waiting() !== null;
      if (beside && !canHold(this.#call.calls())) return;
      untracked(() => {
        this.#accepted.set(undefined);
        void this.#call.answer({ type: beside ? 'hold-and-accept' : 'accept', media: call.media });
      });
    });
    // A pushed ring is taken away by the page that shows it, and when it is over.
    effect(() => {
      const call = this.#call.state();
      const ring = this.#call.waiting() ?? call;
      const hidden = isRinging(ring) && document.hidden ? ring.callId : undefined;
      void this.#browser.closeWhere(({ type, callId }) => type === 'ring' && callId !== hidden);
    });
  }

  #tapped(tap: object): void {
    const path = 'path' in tap ? tap.path : undefined;
    if (typeof path === 'string' && path.startsWith('/')) void this.#router.navigateByUrl(path);
    if ('decline' in tap) this.#decline(tap.decline);
    if ('accept' in tap) this.#accept(tap.accept, Date.now());
  }

  /** By the button of a notification that this page has shown. */
  #decline(callId: unknown): void {
    const call = this.#call.state();
    if (this.#call.waiting()?.callId === callId) this.#call.dispatch({ type: 'decline-waiting' });
    else if (isRinging(call) && call.callId === callId) this.#call.leave();
  }

  async #waiting(): Promise<void> {
    const taps = await openTaps();
    if (!taps) return;
    const answer = await taps.match('/accept');
    if (!answer) return;
    await taps.delete('/accept');
    const tap: unknown = await answer.json().catch(() => null);
    if (typeof tap === 'object' && tap !== null && 'callId' in tap && 'at' in tap) this.#accept(tap.callId, tap.at);
  }

  #accept(named: unknown, at: unknown): void {
    const accepted = callId.safeParse(named).data;
    if (accepted === undefined || typeof at !== 'number' || Date.now() - at > FRESH_MS) return;
    this.#accepted.set(accepted);
    // What has not rung by then is over.
    setTimeout(() => this.#accepted.update(waiting => (waiting === accepted ? undefined : waiting)), FRESH_MS);
  }
}
