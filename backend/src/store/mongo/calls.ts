import type { UserId } from '#protocol/ids';
import { bounded, pageOf, readCursor, writeCursor } from '../cursor.ts';
import type { Unbound } from './base.ts';
import type { CallDocument } from './documents.ts';
import type { CallRow, CallStore } from '../calls.ts';

type Verbs = Unbound<Omit<CallStore, 'recordCall' | 'takeOverCalls'>>;

export const callRow = ({ _id, position, media, conversationId, state, at, parties }: CallDocument): CallRow => ({
  callId: _id,
  position,
  media,
  conversationId,
  state,
  at,
  parties: parties.map(({ userId, deviceId, joinedAt, leftAt, reason, withheld }) => ({
    userId,
    deviceId,
    joinedAt,
    leftAt,
    reason,
    withheld,
  })),
});

const callsOf: Verbs['callsOf'] = async ({ calls }, userId, cursor, limit) => {
  const behind = readCursor('calls', ['number'], cursor, [Number.MAX_SAFE_INTEGER]);
  if (!behind) return 'bad-cursor';
  const most = bounded(limit);
  const told = { userId, $or: [{ reason: { $ne: null } }, { withheld: false }] };
  const log = calls.find({ parties: { $elemMatch: told }, position: { $lt: behind[0] } }).sort({ position: -1 });
  const found = await log.limit(most + 1).lean();
  return pageOf(found, most, callRow, last => writeCursor('calls', [last.position]));
};

const raiseSeen: Verbs['markCallsSeen'] = async ({ calls, users }, userId, upTo) => {
  const newest = await calls.findOne({ 'parties.userId': userId }, 'position').sort({ position: -1 }).lean();
  const callsSeen = Math.min(upTo, newest?.position ?? 0);
  const user = await users
    .findByIdAndUpdate(userId, { $max: { callsSeen } }, { returnDocument: 'after' })
    .select('callsSeen')
    .lean();
  return user?.callsSeen ?? 0;
};

const callsSeen: Verbs['callsSeen'] = async ({ calls, users }, userId: UserId) => {
  const user = await users.findById(userId, 'callsSeen').lean();
  if (!user) return { seen: 0, missed: 0 };
  const missed = { userId, joinedAt: null, reason: { $in: ['missed', 'cancelled'] as const } };
  const above = { parties: { $elemMatch: missed }, position: { $gt: user.callsSeen } };
  return { seen: user.callsSeen, missed: await calls.countDocuments(above) };
};

export const liveCalls: Verbs['liveCalls'] = async ({ calls }) =>
  (
    await calls
      .find({ live: { $exists: true } })
      .sort({ position: 1 })
      .lean()
  ).map(callRow);

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
