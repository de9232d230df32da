import type { Marks } from '#protocol/api/conversations';
import type { UserId } from '#protocol/ids';
import { grownMarks } from '../../chat/grown-marks.ts';
import type { Unbound } from './base.ts';
import { opened } from './history.ts';
import type { Pair } from '../../contacts/pair.ts';
import type { ChatStore } from '../chat.ts';

type Verbs = Unbound<Pick<ChatStore, 'mark'>>;

const marksOf = (pair: Pick<Pair, 'members'> | null, userId: UserId): Marks => {
  const found = pair?.members.find(({ user }) => user === userId);
  if (!found) throw new Error('the user is not a member of the conversation');
  return { userId, received: found.received, read: found.read };
};

const mark: Verbs['mark'] = async ({ pairs, messages }, id, userId, asked) => {
  const [pair, last] = await Promise.all([
    pairs.findOne(opened(id), 'members').lean(),
    messages.findOne({ conversationId: id }, 'seq').sort({ seq: -1 }).lean(),
  ]);
  const before = marksOf(pair, userId);
  const next = grownMarks(before, asked, last?.seq ?? 0);
  if (!next.grew) return next;
  const { received, read } = next.marks;
  // Each grows with the other, so that the greatest of each is a pair that belongs together.
  const $max = { 'members.$.received': received, 'members.$.read': read };
  const old = await pairs
    .findOneAndUpdate({ ...opened(id), 'members.user': userId }, { $max })
    .select('members')
    .lean();
  return grownMarks(marksOf(old, userId), next.marks, Infinity);
};

export const markVerbs: Verbs = { mark };
