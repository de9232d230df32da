import type { Door, guestFinds } from '#protocol/call-state';
import type { CallId, DeviceAddress, UserId } from '#protocol/ids';
import type { ClientCallFrame } from '#protocol/messages';
import type { RelationChange } from '../events/event.ts';

/** What sessions tell about calls, and ask: the registrar itself, or the way to it. */
export interface Calls {
  frame(from: DeviceAddress, frame: ClientCallFrame): void;
  /** A device has a new session, whose hello named the calls its page is in. */
  welcomed(device: DeviceAddress, named: readonly CallId[]): void;
  sessionEnded(device: DeviceAddress, how: 'expired' | 'left'): void;
  /** A device of a rung user declines by its notification; its app is closed. */
  declined(device: DeviceAddress, callId: CallId): void;
  /** Ends a call of these two if they may no longer call each other. */
  relationChanged(change: RelationChange): void;
  hasSeat(userId: UserId): boolean;
  /** Whether this device has a seat in this call. */
  isSeated(device: DeviceAddress, callId: CallId): boolean;
  /** See `guestFinds` in call-state.ts; `guest` is null before they have an id. */
  guestFinds(callId: CallId, guest: UserId | null): ReturnType<typeof guestFinds>;
  /** The link with the id of this call, while it can be used. */
  door(callId: CallId): Door | undefined;
  /** Rings and absences that have lasted their time; to be called about twice a second. */
  tick(): void;
  /** Resolves when everything asked is decided, written and said. */
  idle(): Promise<void>;
}
