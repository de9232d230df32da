import type { ChangesPage } from '#protocol/keys/api';
import type { UserId } from '#protocol/ids';
import { keyUserOf } from '#protocol/keys/objects';
import { peopleOf, sharesWith } from '../../contacts/pair.ts';
import { SETTLED_MS, type MongoBase, type Unbound } from './base.ts';
import type { KeyChangeDocument, PairDocument } from './documents.ts';
import { isDuplicate } from './faults.ts';
import { CONTENDED } from './turns.ts';
import type { KeyStore } from '../keys.ts';

/** With whom `me` shares a conversation or a request that they see. */
export async function sharing({ pairs }: MongoBase, me: UserId): Promise<UserId[]> {
  const found = await pairs.find({ 'members.user': me }, 'members relation blocks openedAt').lean();
  return found
    .filter(pair => sharesWith(pair, me))
    .flatMap(pair => peopleOf(pair).filter(user => user !== me))
    .sort();
}

/**
 * Tells all who share with this person, or `reader` alone, that they must read the person's keys again. The first insert of
 * a number has it, as with a message's place: a reader who meets a number can meet all numbers before it.
 */
export const noteChange = (base: MongoBase, user: UserId, reader: UserId | '' = '', hasLeft = false): Promise<void> =>
  base.attempts('keyChanges', async () => {
    const last = await base.keyChanges.findOne({}, '_id').sort({ _id: -1 }).readConcern('local').lean();
    try {
      await base.keyChanges.insertOne({ _id: (last?._id ?? 0) + 1, user, reader, hasLeft, at: base.now() });
      return undefined;
    } catch (error) {
      if (isDuplicate(error)) return CONTENDED;
      throw error;
    }
  });

/** Whether all who share with this person were told of a change since then. */
export const wasNoted = async ({ keyChanges: changes }: MongoBase, user: UserId, since: number): Promise<boolean> =>
  (await changes.exists({ user, reader: '', at: { $gte: since } })) !== null;

/** Tells those of a pair for whom it has changed that they share, or share no more. */
export async function noteSharing(base: MongoBase, pair: PairDocument, those: readonly UserId[]): Promise<void> {
  for (const me of those)
    for (const them of peopleOf(pair).filter(user => user !== me))
      await noteChange(base, them, me, !sharesWith(pair, me));
  await base.pairs.updateOne({ _id: pair._id, keysOwedAt: pair.keysOwedAt ?? 0 }, { $unset: { keysOwedAt: 1 } });
}

/** What `reader` alone was told last of this person; null where it was nothing. */
export const lastTold = (
  { keyChanges: changes }: MongoBase,
  user: UserId,
  reader: UserId,
): Promise<Pick<KeyChangeDocument, 'hasLeft'> | null> =>
  changes.findOne({ user, reader }, 'hasLeft').sort({ _id: -1 }).readConcern('local').lean();

/** The same where a crash came between: what each was told last says for whom it has changed. */
export async function mendSharing(base: MongoBase, pair: PairDocument): Promise<void> {
  const told = async (reader: UserId) => {
    const user = peopleOf(pair).find(one => one !== reader) ?? reader;
    return (await lastTold(base, user, reader))?.hasLeft === false;
  };
  const those: UserId[] = [];
  for (const me of peopleOf(pair)) if ((await told(me)) !== sharesWith(pair, me)) those.push(me);
  await noteSharing(base, pair, those);
}

const known = async (base: MongoBase, me: UserId) => ({
  $or: [{ reader: me }, { reader: '' as const, user: { $in: [...(await sharing(base, me)), me] } }],
});

export async function keyChanges(base: MongoBase, me: UserId, after: number, limit: number): Promise<ChangesPage> {
  const rows = await base.keyChanges
    .find({ ...(await known(base, me)), _id: { $gt: after } })
    .sort({ _id: 1 })
    .limit(limit + 1)
    .lean();
  const page = rows.slice(0, limit);
  const last = new Map(page.map(({ user, hasLeft }) => [user, hasLeft]));
  const those = (left: boolean) => [...last].filter(([, hasLeft]) => hasLeft === left).map(([user]) => keyUserOf(user));
  return { changed: those(false), left: those(true), upTo: page.at(-1)?._id ?? after, more: rows.length > limit };
}

export const lastKeyChange = async (base: MongoBase, me: UserId): Promise<number> =>
  (
    await base.keyChanges
      .findOne(await known(base, me), '_id')
      .sort({ _id: -1 })
      .lean()
  )?._id ?? 0;

/**
 * What a deleted account alone was told, and its own changes, of which others have heard that it has left. Neither what a late
 * write could come before, nor the last of all: its number would be given again.
 */
export async function forgetChanges({ keyChanges: changes, now }: MongoBase, gone: UserId): Promise<void> {
  const last = await changes.findOne({}, '_id').sort({ _id: -1 }).readConcern('local').lean();
  const settled = { _id: { $lt: last?._id ?? 0 }, at: { $lte: now() - SETTLED_MS } };
  await changes.deleteMany({ reader: gone, ...settled });
  await changes.deleteMany({ user: gone, reader: '', ...settled });
}

/** Changes that a later one of the same person and reader has made superfluous; none whose number a late write could take. */
export async function sweepChanges({ keyChanges: changes, now }: MongoBase): Promise<void> {
  const doubled = await changes.aggregate<{ last: number; _id: { user: UserId; reader: UserId | '' } }>([
    { $group: { _id: { user: '$user', reader: '$reader' }, last: { $max: '$_id' }, count: { $sum: 1 } } },
    { $match: { count: { $gt: 1 } } },
  ]);
  const at = { $lte: now() - SETTLED_MS };
  for (const { _id: of, last } of doubled) await changes.deleteMany({ ...of, _id: { $lt: last }, at });
}

export const keyChangeVerbs: Unbound<Pick<KeyStore, 'sharing' | 'keyChanges' | 'lastKeyChange'>> = {
  sharing,
  keyChanges,
  lastKeyChange,
};
