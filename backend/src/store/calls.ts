import type { Media } from '#protocol/call-frames';
import type { EndReason } from '#protocol/end-reason';
import type { CallId, DeviceId, UserId } from '#protocol/ids';
import type { BadCursor, StorePage } from './page.ts';

export type CallRow = {
  callId: CallId;
  /** Grows with every call. */
  position: number;
  media: Media;
  callerId: UserId;
  callerDevice: DeviceId;
  calleeId: UserId;
  /** The device in the callee's seat, once accepted. */
  calleeDevice: DeviceId | null;
  state: 'ringing' | 'active' | 'ended';
  at: number;
  answeredAt: number | null;
  endedAt: number | null;
  /** Why it ended, as each side reads it. */
  callerReason: EndReason | null;
  calleeReason: EndReason | null;
};

/**
 * A call as the registry writes it; the store gives the position. `withheld`: it rings for the caller alone, so that it
 * neither keeps the callee from other calls nor is in the callee's log, unless the callee has a reason.
 */
export type CallRecord = Omit<CallRow, 'position'> & { withheld?: boolean };
/** A call that has not ended. */
export type LiveCallRow = CallRow & { withheld: boolean };

export interface CallStore {
  /**
   * Writes a call's present state. `refused` where the id belongs to an ended call, or a live one of another caller,
   * or where one of its users would be in two live calls; `outranked` where another registrar has taken over since the
   * one of this `fence`. Nothing is written then. A live call that only an earlier registrar knows is in nobody's way:
   * it ends. Without `fence` whoever is registrar now speaks.
   */
  recordCall(call: CallRecord, fence?: number): Promise<'recorded' | 'refused' | 'outranked'>;
  /** Makes the caller registrar: raises the fencing number, stamps every live call with it, and only then reads them. */
  takeOverCalls(): Promise<{ fence: number; calls: LiveCallRow[] }>;
  call(callId: CallId): Promise<CallRow | null>;
  liveCalls(): Promise<LiveCallRow[]>;
  /** Newest first. A call that was refused before it rang, or is withheld, is in the caller's log alone unless the callee has a reason. */
  callsOf(userId: UserId, cursor: string | undefined, limit: number): Promise<StorePage<CallRow> | BadCursor>;
  /** Raises the mark, cut to the newest call of this user's log; answers with it. */
  markCallsSeen(userId: UserId, upTo: number): Promise<number>;
  /** `missed` counts calls to this user above the mark that ended `missed` or `cancelled` without an answer. */
  callsSeen(userId: UserId): Promise<{ seen: number; missed: number }>;
}
