import {
  endedCall,
  partiesOf,
  reasonFor,
  type Call,
  type EndedCall,
  type LiveCall,
  type RingingCall,
} from '#protocol/call-state';
import type { EndReason } from '#protocol/end-reason';
import type { CallId, UserId } from '#protocol/ids';
import type { Clock } from '../clock.ts';
import type { Delivery } from '../events/event.ts';
import type { Logger } from '../log.ts';
import { logFailure } from '../store/store-error.ts';
import type { CallRecord, CallRow } from '../store/calls.ts';
import type { Store } from '../store/store.ts';
import { recordOf, type CallTimes } from './call-records.ts';
import type { Write } from './lanes.ts';

/** What is counted: ended calls by the reason their caller read, and ms from ring to answer. */
export type CallMetrics = { callEnded(reason: EndReason): void; ringToAnswer(ms: number): void };

export type CallLogDeps = {
  store: Pick<Store, 'recordCall'>;
  /** The number under which this registrar took the calls over. */
  fence: () => number;
  clock: Clock;
  log: Logger;
  metrics: CallMetrics;
  deliver: (deliveries: readonly Delivery[]) => void;
  onSeats: (users: readonly UserId[]) => void;
  /** A call was written: it rings, was answered, or is over. */
  onCall?: (call: Call) => void;
  /** A call that has begun could not be written: it must not go on. */
  onRefused: (caller: UserId, callee: UserId) => void;
  /** Another registrar has taken over: this one has nothing more to say. */
  onOutranked: () => void;
};

/** Writes calls with their times, and tells both users when one has come to its end. */
export class CallLog {
  readonly #times = new Map<CallId, CallTimes>();
  readonly #deps: CallLogDeps;

  constructor(deps: CallLogDeps) {
    this.#deps = deps;
  }

  /** A call of the last process. */
  remember({ callId, at, answeredAt }: CallRow): void {
    this.#times.set(callId, { at, answeredAt });
  }

  /** The write of a call's present state; its times are those of now. */
  write(call: Call): Write {
    const now = this.#deps.clock.now();
    const wasActive = call.state === 'active' && (this.#times.get(call.callId)?.answeredAt ?? null) !== null;
    const record = recordOf(call, this.#timesOf(call, now), now);
    const users = partiesOf(call).map(({ userId }) => userId);
    return { do: 'write', users, run: () => this.#run(call, record, wasActive) };
  }

  async #run(call: Call, record: CallRecord, wasActive: boolean): Promise<boolean> {
    const outcome = await this.#deps.store.recordCall(record, this.#deps.fence()).catch((error: unknown) => {
      logFailure(this.#deps.log, error, 'a call could not be written', { callId: call.callId });
      return 'failed' as const;
    });
    if (outcome === 'outranked') {
      this.#deps.onOutranked();
      return false;
    }
    // What is over is over for everybody, written or not; a later start would end it again.
    if (call.state === 'ended') this.#over(call);
    else if (outcome !== 'recorded') {
      this.#deps.onRefused(call.caller.userId, call.calleeId);
      return false;
    } else if (wasActive) this.#deps.onSeats(partiesOf(call).map(({ userId }) => userId));
    else this.#began(call, record);
    return true;
  }

  #began(call: LiveCall, { at, answeredAt }: CallRecord): void {
    // A withheld call rings no device; for a callee who blocked the caller while it rang, it has ended.
    if (call.state === 'ringing' && call.withheld) this.#concealed(call);
    else this.#deps.onCall?.(call);
    if (call.state === 'active') this.#deps.metrics.ringToAnswer(Math.max(0, (answeredAt ?? at) - at));
    this.#deps.onSeats([call.caller.userId, call.calleeId]);
  }

  #concealed(call: RingingCall): void {
    if (call.calleeReason === undefined) return;
    this.#deps.onCall?.(endedCall(call, null, 'no-answer', call.calleeReason));
    this.#deps.deliver([{ userId: call.calleeId, frame: { type: 'calls.changed' } }]);
  }

  #over(call: EndedCall): void {
    this.#deps.onCall?.(call);
    const users = call.parties.filter(({ reason }) => reason !== null).map(({ userId }) => userId);
    this.#deps.metrics.callEnded(reasonFor(call, call.caller.userId) ?? 'hung-up');
    this.#deps.onSeats(users);
    this.#deps.deliver(users.map((userId): Delivery => ({ userId, frame: { type: 'calls.changed' } })));
  }

  #timesOf(call: Call, now: number): CallTimes {
    const known = this.#times.get(call.callId) ?? { at: now, answeredAt: null };
    const current = call.state === 'active' ? { ...known, answeredAt: known.answeredAt ?? now } : known;
    if (call.state === 'ended') this.#times.delete(call.callId);
    else this.#times.set(call.callId, current);
    return current;
  }
}
