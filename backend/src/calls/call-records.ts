import { endedCall, partiesOf, type Call, type EndedCall, type LiveCall, type Party } from '#protocol/call-state';
import type { UserId } from '#protocol/ids';
import { directConversationId } from '../chat/direct-conversation.ts';
import { partyOf } from '../store/call-parties.ts';
import type { CallParty, CallRecord, CallRow } from '../store/calls.ts';

/** Between the clock of the call machine, which never goes back, and that of the log, in ms. */
export type Times = {
  /** A moment of the machine in ms since the epoch. */
  logged: (since: number) => number;
  /** A moment of the log by the machine's clock. */
  since: (at: number) => number;
};

/**
 * A call as it is written: a line for each person.
 * @param before the record written last: its start and the times people joined are kept, so that a changed clock cannot move them
 */
export function recordOf(call: Call, { logged }: Times, before?: CallRecord): CallRecord {
  const parties = partiesOf(call);
  const [caller] = parties;
  return {
    callId: call.callId,
    media: call.media,
    conversationId: directConversationId(call.caller.userId, call.calleeId),
    state: call.state,
    at: before?.at ?? logged(caller?.since ?? 0),
    parties: parties.map(party => lineOf(party, call, logged(party.since), before && partyOf(before, party.userId))),
  };
}

function lineOf({ userId, deviceId, state, reason }: Party, call: Call, since: number, before?: CallParty): CallParty {
  const isIn = state === 'seated' || userId === call.caller.userId;
  return {
    userId,
    deviceId,
    joinedAt: before?.joinedAt ?? (isIn ? since : null),
    leftAt: reason === null ? null : (before?.leftAt ?? since),
    reason,
    withheld: call.state === 'ringing' ? !isIn && call.withheld : call.state === 'ended' && reason === null,
  };
}

function factsOf({ callId, media, parties }: CallRow) {
  const [caller, callee] = parties;
  // The registrar of this version writes calls of two people, whose caller has a device.
  if (!caller?.deviceId || !callee) throw new Error(`a call of nobody: ${callId}`);
  const { userId, deviceId } = caller;
  return { callId, media, caller: { userId, deviceId }, calleeId: callee.userId };
}

/**
 * A call that was live when the last process ended.
 * @param now the moment from which its seats count as absent, by the machine's clock
 */
export function liveCallOf(row: CallRow, now: number, times: Times): LiveCall {
  const facts = factsOf(row);
  if (row.state === 'active') {
    const seats = row.parties.flatMap(({ userId, deviceId, joinedAt, leftAt }) =>
      deviceId === null || joinedAt === null || leftAt !== null
        ? []
        : { userId, deviceId, since: times.since(joinedAt), absentSince: now, held: false },
    );
    return { ...facts, state: 'active', seats, arriving: [], arrivals: 0 };
  }
  const { withheld = false, reason = null, leftAt = null } = partyOf(row, facts.calleeId) ?? {};
  const since = { since: times.since(row.at), ringsUntil: now, reachableBy: null };
  const ring = { ...facts, state: 'ringing', rings: [], shown: [], waiting: false, withheld, ...since } as const;
  return reason === null ? ring : { ...ring, calleeLeft: { reason, since: times.since(leftAt ?? row.at) } };
}

/** What the log says about a call that has ended; undefined for one that has not. */
export function endedCallOf(row: CallRow | null, times: Times): EndedCall | undefined {
  if (row?.state !== 'ended') return undefined;
  const facts = factsOf(row);
  const line = (userId: UserId) => partyOf(row, userId);
  const [caller, callee] = [line(facts.caller.userId), line(facts.calleeId)];
  const since = times.since(caller?.leftAt ?? row.at);
  return endedCall(facts, callee?.deviceId ?? null, caller?.reason ?? 'hung-up', callee?.reason ?? null, since);
}
