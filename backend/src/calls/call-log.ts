import type { Call } from '#protocol/call-state';
import type { EndReason } from '#protocol/end-reason';
import type { CallId, UserId } from '#protocol/ids';
import type { Clock } from '../clock.ts';
import type { Delivery } from '../delivery.ts';
import type { Logger } from '../log.ts';
import type { CallRecord, CallRow } from '../store/store-calls.ts';
import type { Store } from '../store/store.ts';
import { recordOf, type CallTimes } from './call-records.ts';
import type { Write } from './lanes.ts';

/** What is counted: ended calls by the reason their caller read, and ms from ring to answer. */
export type CallMetrics = { callEnded(reason: EndReason): void; ringToAnswer(ms: number): void };

export type CallLogDeps = {
  store: Pick<Store, 'recordCall'>;
  clock: Clock;
  log: Logger;
  metrics: CallMetrics;
  deliver: (deliveries: readonly Delivery[]) => void;
  onSeats: (users: readonly UserId[]) => void;
  /** A call that has begun could not be written: it must not go on. */
  onRefused: (caller: UserId, callee: UserId) => void;
};

/** Writes calls with their times, and tells both users when one has come to its end. */
export type CallLog = {
  /** The write of a call's present state; its times are those of now. */
  timed(call: Call): Write;
  /** A call of the last process. */
  remember(row: CallRow): void;
};

export function createCallLog(deps: CallLogDeps): CallLog {
  const times = new Map<CallId, CallTimes>();

  async function write(call: Call, record: CallRecord): Promise<boolean> {
    const outcome = await deps.store.recordCall(record).catch((error: unknown) => {
      deps.log.error({ err: error, callId: call.callId }, 'a call could not be written');
      return 'failed' as const;
    });
    if (call.state === 'ended') {
      // It is over for everybody, written or not; a later start would end it again.
      over(call.caller.userId, call.calleeReason === null ? null : call.calleeId);
      deps.metrics.callEnded(call.callerReason);
      return true;
    }
    if (outcome !== 'recorded') {
      deps.onRefused(call.caller.userId, call.calleeId);
      return false;
    }
    if (call.state === 'active') deps.metrics.ringToAnswer(Math.max(0, (record.answeredAt ?? record.at) - record.at));
    deps.onSeats([call.caller.userId, call.calleeId]);
    return true;
  }

  function over(caller: UserId, callee: UserId | null): void {
    const users = callee === null ? [caller] : [caller, callee];
    deps.onSeats(users);
    deps.deliver(users.map((userId): Delivery => ({ userId, frame: { type: 'calls.changed' } })));
  }

  function timesOf(call: Call, now: number): CallTimes {
    const known = times.get(call.callId) ?? { at: now, answeredAt: null };
    const current = call.state === 'active' ? { ...known, answeredAt: known.answeredAt ?? now } : known;
    if (call.state === 'ended') times.delete(call.callId);
    else times.set(call.callId, current);
    return current;
  }

  return {
    timed: call => {
      const now = deps.clock.now();
      const record = recordOf(call, timesOf(call, now), now);
      return { do: 'write', users: [call.caller.userId, call.calleeId], run: () => write(call, record) };
    },
    remember: ({ callId, at, answeredAt }) => void times.set(callId, { at, answeredAt }),
  };
}
