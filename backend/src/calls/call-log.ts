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
import { isGuest, type CallId, type UserId } from '#protocol/ids';
import type { Delivery } from '../events/event.ts';
import type { Logger } from '../log.ts';
import { logFailure } from '../store/store-error.ts';
import { answeredAt } from '../store/call-parties.ts';
import type { CallRecord, CallRow } from '../store/calls.ts';
import type { Store } from '../store/store.ts';
import { recordOf, type Times } from './call-records.ts';
import type { Write } from './lanes.ts';
import type { SetUpMetrics } from './set-up-times.ts';

/** What is counted: ended calls by the reason their caller read, and ms from ring to answer. */
export type CallMetrics = SetUpMetrics & { callEnded(reason: EndReason): void; ringToAnswer(ms: number): void };

export type CallLogDeps = {
  store: Pick<Store, 'recordCall'>;
  /** The number under which this registrar took the calls over. */
  fence: () => number;
  times: Times;
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

/** Writes calls with their times, and tells their people when one has come to its end. */
export class CallLog {
  /** The live calls, as they were written last. */
  readonly #written = new Map<CallId, CallRecord>();
  readonly #deps: CallLogDeps;

  constructor(deps: CallLogDeps) {
    this.#deps = deps;
  }

  /** A call of the last process. */
  remember(row: CallRow): void {
    this.#written.set(row.callId, row);
  }

  /** The write of a call's present state. */
  write(call: Call): Write {
    if (isGuest(call.caller.userId)) return this.#unwritten(call);
    const before = this.#written.get(call.callId);
    const record = recordOf(call, this.#deps.times, before);
    if (call.state === 'ended') this.#written.delete(call.callId);
    else this.#written.set(call.callId, record);
    const wasActive = before?.state === 'active';
    const users = partiesOf(call).map(({ userId }) => userId);
    return { do: 'write', users, run: () => this.#run(call, record, wasActive) };
  }

  /** Of a guest's call nothing is kept; who must know of it is told in the same order. */
  #unwritten(call: Call): Write {
    const users = partiesOf(call).map(({ userId }) => userId);
    const run = async () => {
      if (call.state !== 'ringing') this.#deps.onCall?.(call);
      if (call.state === 'ended') this.#deps.metrics.callEnded(reasonFor(call, call.caller.userId) ?? 'hung-up');
      this.#deps.onSeats(users);
      return true;
    };
    return { do: 'write', users, run };
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

  #began(call: LiveCall, record: CallRecord): void {
    // A withheld call rings no device; for a callee who blocked the caller while it rang, it has ended.
    if (call.state === 'ringing' && call.withheld) this.#concealed(call);
    else this.#deps.onCall?.(call);
    if (call.state === 'active')
      this.#deps.metrics.ringToAnswer(Math.max(0, (answeredAt(record) ?? record.at) - record.at));
    this.#deps.onSeats([call.caller.userId, call.calleeId]);
  }

  #concealed(call: RingingCall): void {
    if (call.calleeLeft === undefined) return;
    const { reason, since } = call.calleeLeft;
    this.#deps.onCall?.(endedCall(call, null, 'no-answer', reason, since));
    this.#deps.deliver([{ userId: call.calleeId, frame: { type: 'calls.changed' } }]);
  }

  #over(call: EndedCall): void {
    this.#deps.onCall?.(call);
    const users = call.parties.filter(({ reason }) => reason !== null).map(({ userId }) => userId);
    this.#deps.metrics.callEnded(reasonFor(call, call.caller.userId) ?? 'hung-up');
    this.#deps.onSeats(users);
    this.#deps.deliver(users.map((userId): Delivery => ({ userId, frame: { type: 'calls.changed' } })));
  }
}
