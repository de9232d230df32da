import type { ConversationId, UserId } from '#protocol/ids';
import { directConversationId } from '../../chat/direct-conversation.ts';
import type { MongoBase, Unbound } from './base.ts';
import type { PairDocument } from './documents.ts';
import { isDuplicate } from './faults.ts';
import { noteSharing } from './key-changes.ts';
import { CONTENDED } from './turns.ts';
import { livingAmong } from './user-row.ts';
import * as pair from '../../contacts/pair.ts';
import type { Change, Pair } from '../../contacts/pair.ts';
import type { ContactStore } from '../contacts.ts';

type Names = 'requestContact' | 'acceptContact' | 'declineContact' | 'removeContact' | 'block' | 'unblock';

/**
 * What two people are to each other is one document with their conversation in it, so that accepting makes both at
 * once, from whichever side and however often. It is read, changed by `pair.ts`, and written if it is still what was read.
 */
function change<T>(base: MongoBase, me: UserId, them: UserId, decide: (pair: Pair) => Change<T>): Promise<T> {
  const id = directConversationId(me, them);
  return base.attempts(id, async () => {
    const found = await base.pairs.findById(id).lean();
    const before: Pair = found ?? pair.strangers(me, them);
    const [after, answer] = decide(before);
    const those = [me, them].filter(user => pair.sharesWith(after, user) !== pair.sharesWith(before, user));
    // Who shares with whom is told behind the write; a crash between the two is made up for by the mender.
    const owed = those.length === 0 ? {} : { keysOwedAt: base.now() };
    if (after !== before && !(await write(base, id, found, { ...after, ...owed }))) return CONTENDED;
    if (those.length > 0) await noteSharing(base, { ...after, ...owed, _id: id, revision: 0 }, those);
    return answer;
  });
}

type Written = Pair & Pick<PairDocument, 'keysOwedAt'>;

async function write({ pairs }: MongoBase, _id: ConversationId, before: PairDocument | null, after: Written) {
  const { members, relation, blocks, openedAt, keysOwedAt } = after;
  const owed = keysOwedAt === undefined ? {} : { keysOwedAt };
  if (!before) return inserted(pairs, { _id, members, relation, blocks, openedAt, revision: 0, ...owed });
  // The members' marks are none of this change's business: they grow beside it.
  const $set = { relation, blocks, openedAt, ...owed };
  const { matchedCount } = await pairs.updateOne({ _id, revision: before.revision }, { $set, $inc: { revision: 1 } });
  return matchedCount > 0;
}

async function inserted(pairs: MongoBase['pairs'], document: PairDocument): Promise<boolean> {
  try {
    await pairs.insertOne(document);
    return true;
  } catch (error) {
    if (isDuplicate(error)) return false;
    throw error;
  }
}

/** Makes two people contacts, as often as it is asked. */
export const join = (base: MongoBase, me: UserId, them: UserId, at: number): Promise<undefined> =>
  change(base, me, them, before => pair.joined(before, at));

const bothLive = async (base: MongoBase, me: UserId, them: UserId): Promise<boolean> =>
  me !== them && (await livingAmong(base, [me, them])).length === 2;

export const pairVerbs: Unbound<Pick<ContactStore, Names>> = {
  requestContact: async (base, me, them, at) => {
    if (!(await bothLive(base, me, them))) return 'unknown';
    return change(base, me, them, before => pair.requested(before, me, them, at));
  },
  acceptContact: (base, me, them, at) => change(base, me, them, before => pair.answered(before, me, them, at)),
  declineContact: (base, me, them) => change(base, me, them, before => pair.declined(before, me, them)),
  removeContact: (base, me, them) => change(base, me, them, before => pair.removed(before, me)),
  block: async (base, me, them, at) => {
    if (!(await bothLive(base, me, them))) return 'unknown';
    return change(base, me, them, before => pair.blocked(before, me, at));
  },
  unblock: (base, me, them) => change(base, me, them, before => pair.unblocked(before, me)),
};
