import type { UserId } from '#protocol/ids';
import { lost } from '../../calls/lost-call.ts';
import { CALL_STATES, liveFor, type LiveSlot } from '../call-parties.ts';
import type { MongoBase, Unbound } from './base.ts';
import { liveCalls } from './calls.ts';
import { nextCount, presentCount } from './counters.ts';
import { isDuplicate } from './faults.ts';
import { CONTENDED } from './turns.ts';
import type { CallRecord, CallStore } from '../calls.ts';

type Verbs = Unbound<Pick<CallStore, 'recordCall' | 'takeOverCalls'>>;
type Outcome = 'recorded' | 'refused' | 'outranked';
type Fenced = CallRecord & { fence: number };

/** The number is raised before the calls are stamped, and they are read after that: a call that comes later has met the number. */
const takeOverCalls: Verbs['takeOverCalls'] = async base => {
  const fence = await nextCount(base, 'calls');
  await base.calls.updateMany({ live: { $exists: true } }, { $max: { fence } });
  return { fence, calls: await liveCalls(base) };
};

const peopleOf = ({ parties }: Pick<CallRecord, 'parties'>): UserId[] => parties.map(({ userId }) => userId);

/** The same person placed it, and nobody of it is missing in `record` (`mayBecome`). */
const sameCall = (record: CallRecord) => ({
  _id: record.callId,
  'parties.0.userId': record.parties[0]?.userId,
  parties: { $not: { $elemMatch: { userId: { $nin: peopleOf(record) } } } },
});

/**
 * A call becomes what `mayBecome` allows, and nobody of before changes what a later registrar has stamped: the filter
 * says so.
 */
async function update(base: MongoBase, record: Fenced): Promise<boolean> {
  const { calls } = base;
  const { state, parties, fence } = record;
  const before = CALL_STATES.slice(0, Math.min(CALL_STATES.indexOf(state), 1) + 1);
  const $set = { state, parties, fence };
  const { matchedCount } = await calls.updateOne(
    { ...sameCall(record), state: { $in: before }, fence: { $lte: fence } },
    state === 'ended' ? { $set, $unset: { live: 1 } } : { $set: { ...$set, live: await liveOf(base, record) } },
  );
  return matchedCount > 0;
}

/** How `live` names what a call takes of this person. */
const liveEntry = (user: UserId, slot: LiveSlot): string => (slot === 'first' ? user : `${user}/${slot}`);

/** What the call takes of its people, as `live` names it. */
async function liveOf({ calls }: MongoBase, record: Fenced): Promise<string[]> {
  const others = { _id: { $ne: record.callId }, live: { $in: peopleOf(record) } };
  const seats = record.state === 'active' ? await calls.find(others, 'live').lean() : [];
  const taken = new Set(seats.flatMap(({ live = [] }) => live));
  return liveFor(record, user => taken.has(user)).map(([user, slot]) => liveEntry(user, slot));
}

/** `taken`: there is a call with this id. */
async function insert(base: MongoBase, given: Fenced): Promise<Outcome | 'taken' | typeof CONTENDED> {
  const { calls } = base;
  const { callId, ...record } = given;
  const { fence } = record;
  const last = await calls.findOne({}, 'position').sort({ position: -1 }).readConcern('local').lean();
  const live = record.state === 'ended' ? {} : { live: await liveOf(base, given) };
  try {
    await calls.insertOne({ _id: callId, ...record, ...live, position: (last?.position ?? 0) + 1 });
  } catch (error) {
    if (isDuplicate(error, 'position')) return CONTENDED;
    if (isDuplicate(error, '_id')) return 'taken';
    // Another live call holds a seat, or the ring, of one of its people (S14). One document names them all, so nothing of
    // this call was written.
    if (isDuplicate(error, 'live')) return (await endEarlier(base, given)) ? CONTENDED : 'refused';
    throw error;
  }
  if (record.state === 'ended' || (await presentCount(base, 'calls')) <= fence) return 'recorded';
  // Another has taken over meanwhile and may have read the calls before this one came.
  await update(base, { ...given, ...lost(given, base.now()) });
  return 'outranked';
}

/** Ends live calls of these people that only an earlier registrar knows; answers whether there was one. */
async function endEarlier(base: MongoBase, record: Fenced): Promise<boolean> {
  const { calls, now } = base;
  const earlier = { live: { $in: await liveOf(base, record) }, fence: { $lt: record.fence } };
  const found = await calls.find(earlier, 'parties').lean();
  for (const call of found)
    await calls.updateOne({ ...earlier, _id: call._id }, { $set: lost(call, now()), $unset: { live: 1 } });
  return found.length > 0;
}

const recordCall: Verbs['recordCall'] = async (base, call, by) => {
  if (new Set(peopleOf(call)).size < call.parties.length && call.state !== 'ended') return 'refused';
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
