import type { PipelineStage } from 'mongoose';
import type { Message, WithheldMessage } from '#protocol/chat-frames';
import type { Member } from '#protocol/conversation';
import type { ConversationId, UserId } from '#protocol/ids';
import { bounded, conversationCursor, pageOf, readCursor } from '../cursor.ts';
import type { MongoBase, Unbound } from './base.ts';
import type { MessageDocument, PairDocument } from './documents.ts';
import { marksSeenBy, type Pair } from '../../contacts/pair.ts';
import type { ChatStore, ConversationRow } from '../chat.ts';
import { livingAmong } from './user-row.ts';

type Names = 'messagesSince' | 'messagesBefore' | 'newestMessages' | 'lastSeq' | 'conversationsOf' | 'conversation';
type Verbs = Unbound<Pick<ChatStore, Names>>;

const messageRow = ({ conversationId, seq, id, author, at, counts, data }: MessageDocument): Message => ({
  ...{ conversationId, seq, id, author: { userId: author.userId, deviceId: author.deviceId }, at, counts, data },
});

const shownTo = (reader: UserId, message: MessageDocument): Message | WithheldMessage =>
  message.retracted || message.withheldFrom.includes(reader)
    ? { conversationId: message.conversationId, seq: message.seq, withheld: true }
    : messageRow(message);

/** A conversation that is one, not the mere relation of two people. */
export const opened = (id: ConversationId) => ({ _id: id, openedAt: { $ne: null } });

const memberOf = ({ user: userId, role, from, to }: Pair['members'][number]): Member => ({ userId, role, from, to });

/** A conversation with its end, the last message that counts and that `me` may see, and how many such are unread. */
type Listed = {
  pair: PairDocument;
  lastSeq?: number;
  activeAt: number;
  last?: MessageDocument;
  unread?: { count: number }[];
};

/**
 * The messages of a conversation that `pipeline` picks.
 * @param variables of the conversation, as the pipeline names them
 */
const lookUp = (
  messages: string,
  as: string,
  pipeline: Exclude<PipelineStage, PipelineStage.Merge | PipelineStage.Out>[],
  variables: Record<string, string> = {},
) => ({
  $lookup: { from: messages, localField: '_id', foreignField: 'conversationId', as, let: variables, pipeline },
});
const countingFor = (me: UserId) => ({ counts: true, retracted: false, withheldFrom: { $ne: me } });

/**
 * Nothing of a list is kept twice: where a conversation stands is read off its log. A person has as many conversations as
 * they have ever had contacts, and each costs a look into an index.
 */
const listing = (messages: string, me: UserId): PipelineStage[] => [
  { $match: { 'members.user': me, openedAt: { $ne: null } } },
  { $project: { pair: '$$ROOT' } },
  lookUp(messages, 'last', [{ $match: countingFor(me) }, { $sort: { seq: -1 } }, { $limit: 1 }]),
  { $set: { last: { $first: '$last' } } },
  { $set: { activeAt: { $ifNull: ['$last.at', '$pair.openedAt'] } } },
];

/** What only the rows of a page need. */
const withEnds = (messages: string, me: UserId): PipelineStage[] => [
  lookUp(messages, 'end', [{ $sort: { seq: -1 } }, { $limit: 1 }, { $project: { seq: 1 } }]),
  { $set: { lastSeq: { $first: '$end.seq' } } },
  {
    $set: {
      own: { $first: { $filter: { input: '$pair.members', cond: { $eq: ['$$this.user', { $literal: me }] } } } },
    },
  },
  lookUp(
    messages,
    'unread',
    [
      { $match: { ...countingFor(me), 'author.userId': { $ne: me }, $expr: { $gt: ['$seq', '$$read'] } } },
      { $count: 'count' },
    ],
    { read: '$own.read' },
  ),
];

function conversationRow({ pair, lastSeq, activeAt, last, unread }: Listed, me: UserId): ConversationRow {
  return {
    ...{ id: pair._id, kind: 'direct', revision: pair.revision, members: pair.members.map(memberOf) },
    ...{ lastSeq: lastSeq ?? 0, last: last ? messageRow(last) : null, marks: marksSeenBy(pair, me) },
    ...{ unread: unread?.[0]?.count ?? 0, activeAt },
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
    lookUp(messages.collection.collectionName, 'end', [{ $sort: { seq: -1 } }, { $limit: bounded(limit) }]),
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
    ...withEnds(messages.collection.collectionName, me),
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
  conversation: async (base, id) => {
    const found = await base.pairs.findOne(opened(id)).lean();
    if (!found) return null;
    const { revision, members, relation, blocks } = found;
    const live = await livingAmong(
      base,
      members.map(({ user }) => user),
    );
    // A deleted account has no relation any more, even while its deletion is not finished.
    const related = live.length === members.length ? { relation, blocks } : { relation: null, blocks: [] };
    return { id, kind: 'direct', revision, members: members.map(memberOf), related };
  },
};
