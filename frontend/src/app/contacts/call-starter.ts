import { InjectionToken, type Signal } from '@angular/core';
import type { Media } from '#protocol/call-frames';
import type { UserId } from '#protocol/ids';

/** What a page needs to call somebody; the app fills it with the call, which stands above. */
export interface CallStarter {
  /** With whom this page is in a call, or who rings it: meanwhile nobody else can be called from here. */
  readonly current: Signal<UserId | undefined>;
  /** Rings somebody; without a connection the call ends at once, in words. During a call it says so instead. */
  place(peerId: UserId, media: Media): void;
  /** Brings the current call back to the whole screen. */
  returnToCall(): void;
}

export const CALL_STARTER = new InjectionToken<CallStarter>('call starter');

/** What can be done about a call with somebody: `call` them, `return` to the call with them, or wait until another call is `busy` no more. */
export type CallOffer = 'call' | 'return' | 'busy';

export function callOffer(starter: CallStarter, peerId: UserId): CallOffer {
  const current = starter.current();
  if (current === undefined) return 'call';
  return current === peerId ? 'return' : 'busy';
}
