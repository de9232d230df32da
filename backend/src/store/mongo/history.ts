import type { PipelineStage } from 'mongoose';
import type { Message, WithheldMessage } from '#protocol/chat-frames';
import type { ConversationId, UserId } from '#protocol/ids';
import { bounded, conversationCursor, pageOf, readCursor } from '../cursor.ts';
import type { MongoBase, Unbound } from './base.ts';
import type { MessageDocument, PairDocument } from './documents.ts';
import { marksSeenBy } from '../../contacts/pair.ts';
import type { ChatStore, ConversationRow } from '../chat.ts';
import type { Tally } from '../../chat/tally.ts';

type Names = 'messagesSince' | 'messagesBefore' | 'newestMessages' | 'lastSeq' | 'conversationsOf' | 'membersOf';
type Verbs = Unbound<Pick<ChatStore, Names>>;
type Kept = Pick<MessageDocument, 'conversationId' | 'seq' | 'id' | 'senderId' | 'deviceId' | 'at' | 'data'>;

const messageRow = ({ conversationId, seq, id, senderId, deviceId, at, data }: Kept): Message => ({
  ...{ conversationId, seq, id, senderId, deviceId, at, data },
});

const shownTo = (reader: UserId, message: MessageDocument): Message | WithheldMessage =>
  message.withheldFrom.includes(reader)
    ? { conversationId: message.conversationId, seq: message.seq, withheld: true }
    : messageRow(message);

/** A conversation that is one, not the mere relation of two people. */
export const opened = (id: ConversationId) => ({ _id: id, openedAt: { $ne: null } });

/** A conversation with its end and the last message that `me` may see. */
type Listed = { pair: PairDocument; lastSeq?: number; tally?: Tally; activeAt: number; last?: MessageDocument };

/**
 * Nothing of a list is kept twice: where a conversation stands is read off its last message. A person has as many
 * conversations as they have ever had contacts, and each costs one look into an index.
 */
const listing = (messages: string, me: UserId): PipelineStage[] => [
  { $match: { 'members.user': me, openedAt: { $ne: null } } },
  {
    $lookup: {
      ...{ from: messages, localField: '_id', foreignField: 'conversationId', as: 'end' },
      pipeline: [{ $sort: { seq: -1 } }, { $limit: 1 }, { $project: { seq: 1, tallies: 1 } }],
    },
  },
  { $project: { pair: '$$ROOT', end: { $first: '$end' } } },
  {
    $set: {
      lastSeq: '$end.seq',
      tally: {
        $first: {
          $filter: { input: { $ifNull: ['$end.tallies', []] }, cond: { $eq: ['$$this.user', { $literal: me }] } },
        },
      },
    },
  },
  { $set: { activeAt: { $ifNull: ['$tally.activeAt', '$pair.openedAt'] } } },
];

const withLastShown = (messages: string): PipelineStage[] => [
  {
    $lookup: {
      ...{ from: messages, localField: '_id', foreignField: 'conversationId', as: 'last' },
      let: { shown: '$tally.lastShown' },
      pipeline: [{ $match: { $expr: { $eq: ['$seq', '$$shown'] } } }],
    },
  },
  { $set: { last: { $first: '$last' } } },
];

function conversationRow({ pair, lastSeq, tally, activeAt, last }: Listed, me: UserId): ConversationRow {
  const marks = marksSeenBy(pair, me);
  const own = pair.members.find(({ user }) => user === me);
  return {
    id: pair._id,
    members: marks.map(({ userId }) => userId),
    lastSeq: lastSeq ?? 0,
    last: last ? messageRow(last) : null,
    marks,
    unread: (tally?.shown ?? 0) - (own?.shownBefore ?? 0),
    activeAt,
  };
}

const isMember = ({ pairs }: MongoBase, id: ConversationId, reader: UserId) =>
  pairs.exists({ ...opened(id), 'members.user': reader });

const messagesSince: Verbs['messagesSince'] = async (base, id, reader, after, limit) => {
  const page = base.messages.find({ conversationId: id, seq: { $gt: after } }).sort({ seq: 1 });
  const [member, found] = await Promise.all([isMember(base, id, reader), page.limit(bounded(limit)).lean()]);
  return member ? found.map(message => shownTo(reader, message)) : [];
};

const messagesBefore: Verbs['messagesBefore'] = async (base, id, reader, before, limit) => {
  const page = base.messages.find({ conversationId: id, seq: { $lt: before } }).sort({ seq: -1 });
  const [member, found] = await Promise.all([isMember(base, id, reader), page.limit(bounded(limit)).lean()]);
  return member ? found.map(message => shownTo(reader, message)).reverse() : [];
};

const newestMessages: Verbs['newestMessages'] = async ({ pairs, messages }, ids, reader, limit) => {
  const found = await pairs.aggregate<{ _id: ConversationId; end: MessageDocument[] }>([
    { $match: { _id: { $in: [...ids] }, openedAt: { $ne: null }, 'members.user': reader } },
    { $project: { _id: 1 } },
    {
      $lookup: {
        ...{ from: messages.collection.collectionName, localField: '_id', foreignField: 'conversationId', as: 'end' },
        pipeline: [{ $sort: { seq: -1 } }, { $limit: bounded(limit) }],
      },
    },
  ]);
  const byId = new Map(found.map(({ _id, end }) => [_id, end]));
  return ids.map(id => (byId.get(id) ?? []).map(message => shownTo(reader, message)).reverse());
};

const conversationsOf: Verbs['conversationsOf'] = async ({ pairs, messages }, me, cursor, limit) => {
  const behind = readCursor('conversations', ['number', 'string'], cursor, [Number.MAX_SAFE_INTEGER, '']);
  if (!behind) return 'bad-cursor';
  const most = bounded(limit);
  const [activeAt, id] = behind;
  const rows = await pairs.aggregate<Listed>([
    ...listing(messages.collection.collectionName, me),
    { $match: { $or: [{ activeAt: { $lt: activeAt } }, { activeAt, _id: { $lt: id } }] } },
    { $sort: { activeAt: -1, _id: -1 } },
    { $limit: most + 1 },
    ...withLastShown(messages.collection.collectionName),
  ]);
  return pageOf(
    rows,
    most,
    row => conversationRow(row, me),
    ({ activeAt, pair }) => conversationCursor({ activeAt, id: pair._id }),
  );
};

export const historyVerbs: Verbs = {
  messagesSince,
  messagesBefore,
  newestMessages,
  conversationsOf,
  lastSeq: async ({ pairs, messages }, id) => {
    const [conversation, last] = await Promise.all([
      pairs.exists(opened(id)),
      messages.findOne({ conversationId: id }, 'seq').sort({ seq: -1 }).lean(),
    ]);
    return conversation && last ? last.seq : 0;
  },
  membersOf: async ({ pairs }, id) => {
    const found = await pairs.findOne(opened(id), 'members.user').lean();
    return (found?.members ?? []).map(({ user }) => user);
  },
};
