import { InjectionToken } from '@angular/core';
import type { Media } from '#protocol/call-frames';
import type { UserId } from '#protocol/ids';

/** What a page needs to call somebody; the app fills it with the call, which stands above. */
export interface CallStarter {
  /** Rings somebody; without a connection the call ends at once, in words. */
  place(peerId: UserId, media: Media): void;
}

export const CALL_STARTER = new InjectionToken<CallStarter>('call starter');
