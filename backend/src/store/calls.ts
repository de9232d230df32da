import type { Media } from '#protocol/call-frames';
import type { EndReason } from '#protocol/end-reason';
import type { CallId, ConversationId, DeviceId, UserId } from '#protocol/ids';
import type { BadCursor, StorePage } from './page.ts';

/** The line that the log has of one person in one call. */
export type CallParty = {
  userId: UserId;
  /** The device in their seat, or that was; null where none has answered. */
  deviceId: DeviceId | null;
  /** When they took their seat, or placed the call; null where they never have. */
  joinedAt: number | null;
  /** When it ended for them; null while it has not, and where they were never told of it. */
  leftAt: number | null;
  /** Why it ended for them; there together with `leftAt`. */
  reason: EndReason | null;
  /** They are not told of it: it neither keeps them from other calls nor is in their log, unless there is a reason. */
  withheld: boolean;
};

export type CallRow = {
  callId: CallId;
  /** Grows with every call. */
  position: number;
  media: Media;
  /** In which conversation people called each other; null where there is none. */
  conversationId: ConversationId | null;
  state: 'ringing' | 'active' | 'ended';
  at: number;
  /** Each person once, the one who placed the call first. */
  parties: readonly CallParty[];
};

/** A call as the registrar writes it; the store gives the position. */
export type CallRecord = Omit<CallRow, 'position'>;

export interface CallStore {
  /**
   * Writes a call's present state. `refused` where the id belongs to an ended call, or a live one that another person has
   * placed or that has a person who is missing here, or where one of its people would have more calls than S14 allows;
   * `outranked` where another registrar has taken over since the one of this `fence`. Nothing is written then. A live call
   * that only an earlier registrar knows is in nobody's way: it ends. Without `fence` the present registrar speaks.
   */
  recordCall(call: CallRecord, fence?: number): Promise<'recorded' | 'refused' | 'outranked'>;
  /** Makes the caller registrar: raises the fencing number, stamps every live call with it, and only then reads them. */
  takeOverCalls(): Promise<{ fence: number; calls: CallRow[] }>;
  call(callId: CallId): Promise<CallRow | null>;
  liveCalls(): Promise<CallRow[]>;
  /** The calls of which this person was told, the newest first. */
  callsOf(userId: UserId, cursor: string | undefined, limit: number): Promise<StorePage<CallRow> | BadCursor>;
  /** Raises the mark, cut to the newest call of this user's log; answers with it. */
  markCallsSeen(userId: UserId, upTo: number): Promise<number>;
  /** `missed` counts calls above the mark that ended `missed` or `cancelled` for this person before they joined. */
  callsSeen(userId: UserId): Promise<{ seen: number; missed: number }>;
}
