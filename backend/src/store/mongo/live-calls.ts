import { lost } from '../../calls/lost-call.ts';
import type { MongoBase, Unbound } from './base.ts';
import { liveFor } from '../live-for.ts';
import { isWithheld, liveCalls, liveEntry } from './calls.ts';
import { nextCount, presentCount } from './counters.ts';
import { isDuplicate } from './faults.ts';
import { CONTENDED } from './turns.ts';
import type { CallRecord, CallStore } from '../calls.ts';

type Verbs = Unbound<Pick<CallStore, 'recordCall' | 'takeOverCalls'>>;
type Outcome = 'recorded' | 'refused' | 'outranked';
type Fenced = CallRecord & { fence: number };

const STATES = ['ringing', 'active', 'ended'] as const;

/** The number is raised before the calls are stamped, and they are read after that: a call that comes later has met the number. */
const takeOverCalls: Verbs['takeOverCalls'] = async base => {
  const fence = await nextCount(base, 'calls');
  await base.calls.updateMany({ live: { $exists: true } }, { $max: { fence } });
  return { fence, calls: await liveCalls(base) };
};

/**
 * A call goes from ringing to active to ended, never back, its two people stay the same, and nobody of before changes
 * what a later registrar has stamped: the filter says so.
 */
async function update(base: MongoBase, record: Fenced): Promise<boolean> {
  const { calls } = base;
  const { callId, callerId, calleeId, fence } = record;
  const { calleeDevice, state, answeredAt, endedAt, callerReason, calleeReason } = record;
  const before = STATES.slice(0, Math.min(STATES.indexOf(state), 1) + 1);
  const $set = { calleeDevice, state, answeredAt, endedAt, callerReason, calleeReason, fence };
  const { matchedCount } = await calls.updateOne(
    { _id: callId, callerId, calleeId, state: { $in: before }, fence: { $lte: fence } },
    state === 'ended' ? { $set, $unset: { live: 1 } } : { $set: { ...$set, live: await liveOf(base, record) } },
  );
  return matchedCount > 0;
}

/** What the call takes of its people, as `live` names it. */
async function liveOf({ calls }: MongoBase, record: Fenced): Promise<string[]> {
  const { callId, callerId, calleeId, state } = record;
  const others = { _id: { $ne: callId }, live: { $in: [callerId, calleeId] } };
  const seats = state === 'active' ? await calls.find(others, 'live').lean() : [];
  const taken = new Set(seats.flatMap(({ live = [] }) => live));
  return liveFor(record, user => taken.has(user)).map(([user, slot]) => liveEntry(user, slot));
}

/** `taken`: there is a call with this id. */
async function insert(base: MongoBase, given: Fenced): Promise<Outcome | 'taken' | typeof CONTENDED> {
  const { calls } = base;
  const { callId, withheld = false, ...record } = given;
  const { fence } = record;
  const last = await calls.findOne({}, 'position').sort({ position: -1 }).readConcern('local').lean();
  const live = record.state === 'ended' ? {} : { live: await liveOf(base, given) };
  try {
    await calls.insertOne({ _id: callId, ...record, ...live, position: (last?.position ?? 0) + 1 });
  } catch (error) {
    if (isDuplicate(error, 'position')) return CONTENDED;
    if (isDuplicate(error, '_id')) return 'taken';
    // Another live call holds a seat, or the ring, of the caller or the callee (S14). One document names both people, so
    // nothing of this call was written.
    if (isDuplicate(error, 'live')) return (await endEarlier(base, given)) ? CONTENDED : 'refused';
    throw error;
  }
  if (record.state === 'ended' || (await presentCount(base, 'calls')) <= fence) return 'recorded';
  // Another has taken over meanwhile and may have read the calls before this one came.
  await update(base, { ...record, ...lost({ ...record, withheld }, base.now()), callId, fence });
  return 'outranked';
}

/** Ends live calls of these two that only an earlier registrar knows; answers whether there was one. */
async function endEarlier(base: MongoBase, record: Fenced): Promise<boolean> {
  const { calls, now } = base;
  const earlier = { live: { $in: await liveOf(base, record) }, fence: { $lt: record.fence } };
  const found = await calls.find(earlier, 'answeredAt calleeReason calleeId live').lean();
  for (const call of found) {
    const ending = lost({ ...call, withheld: isWithheld(call) }, now());
    await calls.updateOne({ ...earlier, _id: call._id }, { $set: ending, $unset: { live: 1 } });
  }
  return found.length > 0;
}

const recordCall: Verbs['recordCall'] = async (base, call, by) => {
  if (call.callerId === call.calleeId && call.state !== 'ended') return 'refused';
  const present = await presentCount(base, 'calls');
  const record = { ...call, fence: by ?? present };
  if (record.fence < present) return 'outranked';
  const isNew = record.state === 'ringing';
  try {
    if (!isNew && (await update(base, record))) return 'recorded';
  } catch (error) {
    if (isDuplicate(error, 'live')) return 'refused';
    throw error;
  }
  // Those that begin wait for each other, for the place of each is behind the last.
  const begun = await base.attempts('the place of a call', () => insert(base, record));
  if (begun !== 'taken') return begun;
  return isNew && (await update(base, record)) ? 'recorded' : 'refused';
};

export const liveCallVerbs: Verbs = { recordCall, takeOverCalls };
