import type { Marks } from '#protocol/api/conversations';
import type { ConversationId, UserId } from '#protocol/ids';
import type { MongoBase, Unbound } from './mongo-base.ts';
import { opened } from './mongo-history.ts';
import type { Member, Pair } from './pair.ts';
import type { ChatStore } from './store-chat.ts';

type Verbs = Unbound<Pick<ChatStore, 'mark'>>;
type Asked = { received?: number; read?: number };

const memberOf = (pair: Pick<Pair, 'members'> | null, userId: UserId): Member => {
  const found = pair?.members.find(({ user }) => user === userId);
  if (!found) throw new Error('the user is not a member of the conversation');
  return found;
};

/** The marks as they become: grown, cut to the last place, and read implies received. */
function grown(before: Member, asked: Asked, lastSeq: number): Marks {
  const read = Math.max(before.read, Math.min(asked.read ?? 0, lastSeq));
  const received = Math.max(before.received, read, Math.min(asked.received ?? 0, lastSeq));
  return { userId: before.user, received, read };
}

const grew = (before: Member, { received, read }: Marks): boolean => read > before.read || received > before.received;

/** How many messages of others had been shown up to this place. */
async function shownUpTo({ messages }: MongoBase, conversationId: ConversationId, seq: number, userId: UserId) {
  const found = await messages.findOne({ conversationId, seq }, 'tallies').lean();
  return found?.tallies.find(({ user }) => user === userId)?.shown ?? 0;
}

const mark: Verbs['mark'] = async (base, id, userId, asked) => {
  const { pairs, messages } = base;
  const [pair, last] = await Promise.all([
    pairs.findOne(opened(id), 'members').lean(),
    messages.findOne({ conversationId: id }, 'seq').sort({ seq: -1 }).lean(),
  ]);
  const before = memberOf(pair, userId);
  const marks = grown(before, asked, last?.seq ?? 0);
  if (!grew(before, marks)) return { marks, grew: false };
  const { received, read } = marks;
  const shownBefore = read > before.read ? await shownUpTo(base, id, read, userId) : 0;
  // Each grows with the other two, so that the greatest of each is a set that belongs together.
  const $max = { 'members.$.received': received, 'members.$.read': read, 'members.$.shownBefore': shownBefore };
  const old = await pairs
    .findOneAndUpdate({ ...opened(id), 'members.user': userId }, { $max })
    .select('members')
    .lean();
  const then = memberOf(old, userId);
  const now = grown(then, marks, Infinity);
  return { marks: now, grew: grew(then, now) };
};

export const markVerbs: Verbs = { mark };
