import type { PipelineStage } from 'mongoose';
import type { Message, Placed } from '#protocol/chat-frames';
import type { Member } from '#protocol/conversation';
import type { ConversationId, UserId } from '#protocol/ids';
import { bounded, conversationCursor, pageOf, readCursor } from '../cursor.ts';
import type { MongoBase, Unbound } from './base.ts';
import type { MessageDocument, PairDocument } from './documents.ts';
import { marksSeenBy, type Pair } from '../../contacts/pair.ts';
import type { ChatStore, ConversationRow } from '../chat.ts';
import { retractedRow } from './retractions.ts';
import { livingAmong } from './user-row.ts';

type Paged = 'messagesSince' | 'messagesBefore' | 'newestMessages' | 'retractedSince';
type Names = Paged | 'lastSeq' | 'conversationsOf' | 'conversation';
type Verbs = Unbound<Pick<ChatStore, Names>>;

const messageRow = ({ conversationId, seq, id, author, at, counts, data }: MessageDocument): Message => ({
  conversationId,
  seq,
  id,
  author: { userId: author.userId, deviceId: author.deviceId },
  at,
  counts,
  data,
});

function shownTo(reader: UserId, message: MessageDocument): Placed {
  const { conversationId, seq, withheldFrom, retracted } = message;
  if (withheldFrom.includes(reader)) return { conversationId, seq, withheld: true };
  return retracted ? retractedRow(message) : messageRow(message);
}

/** A conversation that is one, not the mere relation of two people. */
export const opened = (id: ConversationId) => ({ _id: id, openedAt: { $ne: null } });

const memberOf = ({ user: userId, role, from, to }: Pair['members'][number]): Member => ({ userId, role, from, to });

/** A conversation of `me` with its end, the last message that counts and that `me` may see, and how many such are unread. */
type Listed = {
  pair: PairDocument;
  lastSeq?: number;
  activeAt: number;
  last?: MessageDocument;
  unread?: { count: number }[];
  retracted?: { retraction?: number }[];
};

type Picked = Exclude<PipelineStage, PipelineStage.Merge | PipelineStage.Out>[];

/** The messages of a conversation that `pipeline` picks. */
const lookUp = (messages: string, as: string, pipeline: Picked, variables: Record<string, unknown> = {}) => ({
  $lookup: { from: messages, localField: '_id', foreignField: 'conversationId', as, let: variables, pipeline },
});

/** The conversations that `me` is or was a member of; `own` is their membership. */
const belongingTo = (me: UserId, which: Record<string, unknown> = {}): PipelineStage[] => [
  { $match: { ...which, openedAt: { $ne: null }, 'members.user': me } },
  { $project: { pair: '$$ROOT', own: { $first: { $filter: { input: '$members', cond: isUser(me) } } } } },
];
const isUser = (me: UserId) => ({ $eq: ['$$this.user', { $literal: me }] });

/**
 * S65. Every message that somebody reads, and that is listed or counted for them, is looked up here: those at the places of
 * the member, which stands in `own`.
 */
const lookUpReadable = (messages: string, as: string, pipeline: Picked) =>
  lookUp(messages, as, [{ $match: { $expr: { $and: READABLE } } }, ...pipeline], PLACES);
const PLACES = { from: '$own.from', to: { $ifNull: ['$own.to', Number.MAX_SAFE_INTEGER] }, read: '$own.read' };
const READABLE = [{ $gte: ['$seq', '$$from'] }, { $lte: ['$seq', '$$to'] }];

const retractedFor = (me: UserId, after: number) => ({ retraction: { $gt: after }, withheldFrom: { $ne: me } });
const countingFor = (me: UserId) => ({ counts: true, retracted: false, withheldFrom: { $ne: me } });

/**
 * Nothing of a list is kept twice: where a conversation stands is read off its log. A person has as many conversations as
 * they have ever had contacts, and each costs a look into an index.
 */
const listing = (messages: string, me: UserId): PipelineStage[] => [
  ...belongingTo(me),
  lookUpReadable(messages, 'last', [{ $match: countingFor(me) }, { $sort: { seq: -1 } }, { $limit: 1 }]),
  { $set: { last: { $first: '$last' } } },
  { $set: { activeAt: { $ifNull: ['$last.at', '$pair.openedAt'] } } },
];

/** What only the rows of a page need. */
const withEnds = (messages: string, me: UserId): PipelineStage[] => [
  lookUp(messages, 'end', [{ $sort: { seq: -1 } }, { $limit: 1 }, { $project: { seq: 1 } }]),
  { $set: { lastSeq: { $first: '$end.seq' } } },
  lookUpReadable(messages, 'unread', [
    { $match: { ...countingFor(me), 'author.userId': { $ne: me }, $expr: { $gt: ['$seq', '$$read'] } } },
    { $count: 'count' },
  ]),
  lookUpReadable(messages, 'retracted', [
    { $match: retractedFor(me, 0) },
    { $sort: { retraction: -1 } },
    { $limit: 1 },
    { $project: { retraction: 1 } },
  ]),
];

function conversationRow({ pair, lastSeq, activeAt, last, unread, retracted }: Listed, me: UserId): ConversationRow {
  return {
    id: pair._id,
    kind: 'direct',
    revision: pair.revision,
    members: pair.members.map(memberOf),
    lastSeq: lastSeq ?? 0,
    last: last ? messageRow(last) : null,
    marks: marksSeenBy(pair, me),
    unread: unread?.[0]?.count ?? 0,
    retractions: retracted?.[0]?.retraction ?? 0,
    activeAt,
  };
}

type Page = { conversationId: ConversationId; page: MessageDocument[] };

/** Of each of these conversations that the reader is a member of, the messages that `pipeline` picks. */
const pagesOf = ({ pairs, messages }: MongoBase, ids: readonly ConversationId[], reader: UserId, pipeline: Picked) =>
  pairs.aggregate<Page>([
    ...belongingTo(reader, { _id: { $in: [...ids] } }),
    lookUpReadable(messages.collection.collectionName, 'page', pipeline),
    { $project: { _id: 0, conversationId: '$_id', page: 1 } },
  ]);

const messagesSince: Verbs['messagesSince'] = async (base, id, reader, after, limit) => {
  const picked = [{ $match: { seq: { $gt: after } } }, { $sort: { seq: 1 } } as const, { $limit: bounded(limit) }];
  const [found] = await pagesOf(base, [id], reader, picked);
  return (found?.page ?? []).map(message => shownTo(reader, message));
};

const messagesBefore: Verbs['messagesBefore'] = async (base, id, reader, before, limit) => {
  const picked = [{ $match: { seq: { $lt: before } } }, { $sort: { seq: -1 } } as const, { $limit: bounded(limit) }];
  const [found] = await pagesOf(base, [id], reader, picked);
  return (found?.page ?? []).map(message => shownTo(reader, message)).reverse();
};

const newestMessages: Verbs['newestMessages'] = async (base, ids, reader, limit) => {
  const found = await pagesOf(base, ids, reader, [{ $sort: { seq: -1 } }, { $limit: bounded(limit) }]);
  const byId = new Map(found.map(({ conversationId, page }) => [conversationId, page]));
  return ids.map(id => (byId.get(id) ?? []).map(message => shownTo(reader, message)).reverse());
};

const retractedSince: Verbs['retractedSince'] = async (base, id, reader, after, limit) => {
  const [found] = await pagesOf(base, [id], reader, [
    { $match: retractedFor(reader, Math.max(0, after)) },
    { $sort: { retraction: 1 } },
    { $limit: bounded(limit) },
  ]);
  const page = found?.page ?? [];
  return { items: page.map(retractedRow), upTo: page.at(-1)?.retraction ?? after };
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
  retractedSince,
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
