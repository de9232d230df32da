import type { PipelineStage } from 'mongoose';
import type { UserId } from '#protocol/ids';
import { bounded, pageOf, readCursor, writeCursor } from '../cursor.ts';
import { directConversationId } from '../../chat/direct-conversation.ts';
import type { Unbound } from './base.ts';
import type { PairDocument, UserDocument } from './documents.ts';
import { living, livingAmong, ROW_FIELDS, userRow } from './user-row.ts';
import { contactSeenBy, relationSeenBy, type Pair } from '../../contacts/pair.ts';
import type { ContactRow, ContactStore } from '../contacts.ts';

type Verbs = Unbound<Pick<ContactStore, 'relation' | 'contactsOf' | 'contact' | 'acceptedContacts'>>;
/** A pair as one of the two sees it, with the other one. */
type Seen = { pair: PairDocument; them: UserDocument };

const otherOf = ({ members }: Pair, me: UserId): UserId => members.find(({ user }) => user !== me)?.user ?? me;

function contactRow({ pair, them }: Seen, me: UserId): ContactRow | null {
  const contact = contactSeenBy(pair, me);
  return contact && { user: userRow(them), ...contact, conversationId: pair.openedAt === null ? null : pair._id };
}

/** What `contactSeenBy` answers something to. */
const visibleTo = (me: UserId) => ({
  'members.user': me,
  $or: [{ 'blocks.by': me }, { 'relation.hidden': false }, { 'relation.requestedBy': me }],
});

/** The others with their accounts; the deleted are left out, whatever a deletion has not come to yet. */
const withThem = (users: string, me: UserId): PipelineStage[] => [
  { $project: { pair: '$$ROOT', other: { $first: { $setDifference: ['$members.user', [me]] } } } },
  {
    $lookup: {
      from: users,
      localField: 'other',
      foreignField: '_id',
      as: 'them',
      pipeline: [{ $project: Object.fromEntries(ROW_FIELDS.split(' ').map(field => [field, 1])) }],
    },
  },
  { $set: { them: { $first: '$them' } } },
  { $match: { 'them.username': { $exists: true } } },
];

const relation: Verbs['relation'] = async (base, me, them) => {
  const [found, live] = await Promise.all([
    base.pairs.findById(directConversationId(me, them)).lean(),
    livingAmong(base, [me, them]),
  ]);
  if (found && live.length === 2) return relationSeenBy(found, me, them);
  return { accepted: false, requestedBy: null, blockedByMe: false, blockedByThem: false };
};

const contact: Verbs['contact'] = async ({ pairs, users }, me, them) => {
  const [pair, user] = await Promise.all([
    pairs.findById(directConversationId(me, them)).lean(),
    users.findOne(living(them), ROW_FIELDS).lean(),
  ]);
  return pair && user && contactRow({ pair, them: user }, me);
};

const contactsOf: Verbs['contactsOf'] = async ({ pairs, users }, me, cursor, limit) => {
  const behind = readCursor('contacts', ['string'], cursor, ['']);
  if (!behind) return 'bad-cursor';
  const most = bounded(limit);
  const seen = await pairs.aggregate<Seen>([
    { $match: visibleTo(me) },
    ...withThem(users.collection.collectionName, me),
    { $match: { 'them.username': { $gt: behind[0] } } },
    { $sort: { 'them.username': 1 } },
    { $limit: most + 1 },
  ]);
  const rows = seen.map(one => contactRow(one, me)).filter(row => row !== null);
  return pageOf(
    rows,
    most,
    row => row,
    last => writeCursor('contacts', [last.user.username]),
  );
};

const acceptedContacts: Verbs['acceptedContacts'] = async (base, me) => {
  const accepted = { 'members.user': me, relation: { $ne: null }, 'relation.requestedBy': null };
  const found = (await base.pairs.find(accepted).lean()).map(pair => ({ userId: otherOf(pair, me), pair }));
  const live = new Set(await livingAmong(base, [me, ...found.map(({ userId }) => userId)]));
  return found
    .filter(({ userId }) => live.has(me) && live.has(userId))
    .map(({ userId, pair }) => {
      const { blockedByMe, blockedByThem } = relationSeenBy(pair, me, userId);
      return { userId, blockedByMe, blockedByThem };
    });
};

export const contactVerbs: Verbs = { relation, contact, contactsOf, acceptedContacts };
