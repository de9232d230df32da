import { endedCall, partiesOf, type Call, type EndedCall, type LiveCall } from '#protocol/call-state';
import type { CallRecord, CallRow, LiveCallRow } from '../store/calls.ts';

/** When a live call began and was answered, ms since the epoch. */
export type CallTimes = { at: number; answeredAt: number | null };

/** A call as it is written: of two people, in one row. `endedAt` counts for an ended one alone. */
export function recordOf(call: Call, { at, answeredAt }: CallTimes, endedAt: number): CallRecord {
  const [caller, callee] = partiesOf(call);
  return {
    callId: call.callId,
    media: call.media,
    callerId: call.caller.userId,
    callerDevice: call.caller.deviceId,
    calleeId: call.calleeId,
    calleeDevice: callee?.deviceId ?? null,
    state: call.state,
    at,
    answeredAt,
    endedAt: call.state === 'ended' ? endedAt : null,
    callerReason: caller?.reason ?? null,
    calleeReason: callee?.reason ?? null,
    ...(call.state === 'ringing' && call.withheld ? { withheld: true } : {}),
  };
}

const factsOf = ({ callId, media, callerId, callerDevice, calleeId }: CallRow) => ({
  callId,
  media,
  calleeId,
  caller: { userId: callerId, deviceId: callerDevice },
});

/** A call that was live when the last process ended; `now` is the moment from which its seats count as absent. */
export function liveCallOf(row: LiveCallRow, now: number): LiveCall {
  const facts = factsOf(row);
  if (row.state === 'active' && row.calleeDevice !== null) {
    const callee = { userId: row.calleeId, deviceId: row.calleeDevice };
    return {
      ...facts,
      state: 'active',
      seats: [facts.caller, callee].map(seat => ({ ...seat, absentSince: now, held: false })),
    };
  }
  const { withheld, calleeReason } = row;
  const times = { ringsUntil: now, reachableBy: null };
  const ring = { ...facts, state: 'ringing', rings: [], shown: [], waiting: false, withheld, ...times } as const;
  return calleeReason === null ? ring : { ...ring, calleeReason };
}

/** What the log says about a call that has ended; undefined for one that has not. */
export function endedCallOf(row: CallRow | null): EndedCall | undefined {
  if (row?.state !== 'ended') return undefined;
  return endedCall(factsOf(row), row.calleeDevice, row.callerReason ?? 'hung-up', row.calleeReason);
}
