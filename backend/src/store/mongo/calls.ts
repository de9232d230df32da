import type { UserId } from '#protocol/ids';
import { bounded, pageOf, readCursor, writeCursor } from '../cursor.ts';
import type { Unbound } from './base.ts';
import type { CallDocument } from './documents.ts';
import type { CallRow, CallStore } from '../calls.ts';
import type { LiveSlot } from '../live-for.ts';

type Verbs = Unbound<Omit<CallStore, 'recordCall' | 'takeOverCalls'>>;

export function callRow({ _id, ...call }: CallDocument): CallRow {
  const { position, media, callerId, callerDevice, calleeId, calleeDevice, state } = call;
  const { at, answeredAt, endedAt, callerReason, calleeReason } = call;
  return {
    callId: _id,
    position,
    media,
    callerId,
    callerDevice,
    calleeId,
    calleeDevice,
    state,
    at,
    answeredAt,
    endedAt,
    callerReason,
    calleeReason,
  };
}

/** How `live` names what a call takes of this person. */
export const liveEntry = (user: UserId, slot: LiveSlot): string => (slot === 'first' ? user : `${user}/${slot}`);
const entriesOf = (user: UserId): string[] => SLOTS.map(slot => liveEntry(user, slot));
const SLOTS = ['first', 'second', 'ring'] as const;

/** Whether a live call rings for its caller alone. */
export const isWithheld = ({ live = [], calleeId }: Pick<CallDocument, 'live' | 'calleeId'>): boolean =>
  !entriesOf(calleeId).some(entry => live.includes(entry));

/** What is in this user's log. */
const logOf = (userId: UserId, position: { $lt: number }) => ({
  $or: [
    { callerId: userId, position },
    { calleeId: userId, position, $or: [{ live: { $in: entriesOf(userId) } }, { calleeReason: { $ne: null } }] },
  ],
});

const callsOf: Verbs['callsOf'] = async ({ calls }, userId, cursor, limit) => {
  const behind = readCursor('calls', ['number'], cursor, [Number.MAX_SAFE_INTEGER]);
  if (!behind) return 'bad-cursor';
  const most = bounded(limit);
  const log = calls.find(logOf(userId, { $lt: behind[0] })).sort({ position: -1 });
  const found = await log.limit(most + 1).lean();
  return pageOf(found, most, callRow, last => writeCursor('calls', [last.position]));
};

const raiseSeen: Verbs['markCallsSeen'] = async ({ calls, users }, userId, upTo) => {
  const own = { $or: [{ callerId: userId }, { calleeId: userId }] };
  const newest = await calls.findOne(own, 'position').sort({ position: -1 }).lean();
  const callsSeen = Math.min(upTo, newest?.position ?? 0);
  const user = await users
    .findByIdAndUpdate(userId, { $max: { callsSeen } }, { returnDocument: 'after' })
    .select('callsSeen')
    .lean();
  return user?.callsSeen ?? 0;
};

const callsSeen: Verbs['callsSeen'] = async ({ calls, users }, userId) => {
  const user = await users.findById(userId, 'callsSeen').lean();
  if (!user) return { seen: 0, missed: 0 };
  const missed = { calleeId: userId, answeredAt: null, calleeReason: { $in: ['missed', 'cancelled'] as const } };
  const position = { $gt: user.callsSeen };
  return { seen: user.callsSeen, missed: await calls.countDocuments({ ...missed, position }) };
};

export const liveCalls: Verbs['liveCalls'] = async ({ calls }) =>
  (
    await calls
      .find({ live: { $exists: true } })
      .sort({ position: 1 })
      .lean()
  ).map(call => ({ ...callRow(call), withheld: isWithheld(call) }));

export const callVerbs: Verbs = {
  callsOf,
  markCallsSeen: (base, userId, upTo) => base.attempts(`calls of ${userId}`, () => raiseSeen(base, userId, upTo)),
  callsSeen,
  call: async ({ calls }, callId) => {
    const found = await calls.findById(callId).lean();
    return found && callRow(found);
  },
  liveCalls,
};
