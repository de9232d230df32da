import { inject, Service, untracked } from '@angular/core';
import { takeUntilDestroyed } from '@angular/core/rxjs-interop';
import { fromEvent } from 'rxjs';
import * as z from 'zod/mini';
import { media } from '#protocol/call-frames';
import { callId, userId } from '#protocol/ids';
import { Account } from '../account/account';
import { forgetByTab, rememberedByTab, rememberInTab } from '../device/remembered';
import { Call } from './call';

/** A page that begins later than this after the last one is no reload, ms. */
const RELOAD_MS = 60_000;

const leftCall = z.object({ me: userId, callId, peerId: userId, media, at: z.number() });

/** A reload ends the call of a page. The next page says so and offers to call again. */
@Service()
export class LeftCall {
  readonly #call = inject(Call);
  readonly #me = inject(Account).me;

  constructor() {
    const left = take();
    if (left !== undefined && left.me === untracked(this.#me)?.id && Date.now() - left.at < RELOAD_MS)
      this.#call.dispatch({ type: 'left', callId: left.callId, peerId: left.peerId, media: left.media });
    // After the call itself has heard of it (it is injected above): it was ended by that.
    fromEvent(window, 'pagehide')
      .pipe(takeUntilDestroyed())
      .subscribe(() => this.#keep());
  }

  #keep(): void {
    const call = untracked(this.#call.state);
    const me = untracked(this.#me)?.id;
    const last = call.state === 'idle' ? call.last : null;
    if (me === undefined || last?.reason !== 'left') return;
    const { callId, peerId, media, endedAt } = last;
    // For this tab alone, and only from one page to the next. Where it is refused, the next page says nothing of the call.
    const at = Date.now() - (performance.now() - endedAt);
    rememberInTab('parley.leftCall', JSON.stringify({ me, callId, peerId, media, at }));
  }
}

function take(): z.infer<typeof leftCall> | undefined {
  const kept = rememberedByTab('parley.leftCall');
  forgetByTab('parley.leftCall');
  if (kept === null) return undefined;
  try {
    return leftCall.safeParse(JSON.parse(kept)).data;
  } catch {
    // Not written by this app.
    return undefined;
  }
}
