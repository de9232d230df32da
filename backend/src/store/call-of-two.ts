import type { Media } from '#protocol/call-frames';
import type { EndReason } from '#protocol/end-reason';
import type { DeviceId, UserId } from '#protocol/ids';
import { directConversationId } from '../chat/direct-conversation.ts';
import type { CallParty, CallRow } from './calls.ts';

/** A call as it was kept before the log had a line for each person (schema 9, backup format 2). */
export type CallOfTwo = {
  media: Media;
  callerId: UserId;
  callerDevice: DeviceId;
  calleeId: UserId;
  calleeDevice: DeviceId | null;
  state: CallRow['state'];
  at: number;
  answeredAt: number | null;
  endedAt: number | null;
  callerReason: EndReason | null;
  calleeReason: EndReason | null;
};

/**
 * The lines of its two people, and the conversation they have.
 * @param withheld whether the callee is not told of it; of one that has ended the missing reason says so
 */
export function linesOf(
  call: CallOfTwo,
  withheld = call.calleeReason === null,
): Pick<CallRow, 'conversationId' | 'parties'> {
  const end = (reason: EndReason | null): Pick<CallParty, 'leftAt' | 'reason'> => ({
    leftAt: reason === null ? null : (call.endedAt ?? call.at),
    reason,
  });
  const { callerId, callerDevice, calleeId, calleeDevice, at, answeredAt } = call;
  return {
    conversationId: directConversationId(callerId, calleeId),
    parties: [
      { userId: callerId, deviceId: callerDevice, joinedAt: at, ...end(call.callerReason), withheld: false },
      { userId: calleeId, deviceId: calleeDevice, joinedAt: answeredAt, ...end(call.calleeReason), withheld },
    ],
  };
}
