import type { RetractedMessage } from '#protocol/chat-frames';
import { FORGOTTEN_AT_ONCE, type ChatStore, type Retracted } from '../chat.ts';
import { entryKey } from './append.ts';
import type { MongoBase, Unbound } from './base.ts';
import type { MessageDocument } from './documents.ts';
import { isDuplicate } from './faults.ts';
import { CONTENDED, untilAlone } from './turns.ts';

type Verbs = Unbound<Pick<ChatStore, 'appendMessage' | 'retractMessage' | 'forgetExpired'>>;

export const retractedRow = ({ conversationId, seq, id, author, at }: MessageDocument): RetractedMessage => ({
  conversationId,
  seq,
  id,
  author: { userId: author.userId, deviceId: author.deviceId },
  at,
  retracted: true,
});

/**
 * Forgets a message under the next number of its conversation, which belongs to whoever's write comes first, as the unique
 * index decides. The key stays, so that the same post is still known.
 */
const retract = ({ messages }: MongoBase, _id: string): Promise<Retracted | null> =>
  untilAlone(async () => {
    const found = await messages.findById(_id).readConcern('local').lean();
    if (!found) return null;
    const answer = { message: retractedRow(found), withheldFrom: found.withheldFrom };
    if (found.retracted) return { ...answer, isNew: false };
    const numbered = { conversationId: found.conversationId, retraction: { $gt: 0 } };
    const last = await messages.findOne(numbered, 'retraction').sort({ retraction: -1 }).readConcern('local').lean();
    const $set = { data: '', retracted: true, expiresAt: null, retraction: (last?.retraction ?? 0) + 1 };
    try {
      const { matchedCount } = await messages.updateOne({ _id, retracted: false }, { $set });
      return matchedCount > 0 ? { ...answer, isNew: true } : CONTENDED;
    } catch (error) {
      if (isDuplicate(error)) return CONTENDED;
      throw error;
    }
  });

const forgetExpired: Verbs['forgetExpired'] = async (base, now) => {
  const expired = base.messages
    .find({ expiresAt: { $gt: 0, $lte: now }, retracted: false }, '_id')
    .sort({ expiresAt: 1 });
  const forgotten: Retracted[] = [];
  for (const { _id } of await expired.limit(FORGOTTEN_AT_ONCE).lean()) {
    const retracted = await retract(base, _id);
    if (retracted) forgotten.push(retracted);
  }
  return forgotten;
};

export const messageVerbs: Verbs = {
  appendMessage: ({ enqueue }, post) => enqueue(post),
  retractMessage: (base, key) => retract(base, entryKey(key)),
  forgetExpired,
};
