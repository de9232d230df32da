import type { Marks } from '#protocol/api/conversations';
import type { ContactState } from '#protocol/api/contacts';
import type { Member as Membership } from '#protocol/conversation';
import type { UserId } from '#protocol/ids';
import { sortedPair } from '../chat/direct-conversation.ts';
import type { Relation } from '../store/contacts.ts';

/*
 *            request                     accept, or a request of the other
 *   nothing ─────────► asked {by, hidden} ─────────────────────────────► accepted
 *      ▲                     │ decline, withdraw                            │ remove
 *      └─────────────────────┴──────────────────────────────────────────────┘
 *
 * A block stands beside that, each side's own. `openedAt` is set by the first acceptance and stays: the conversation
 * survives the relation.
 */
export type Member = Omit<Membership, 'userId'> & { user: UserId; received: number; read: number };
export type Block = { by: UserId; at: number; received: number; read: number };
export type Pair = {
  members: Member[];
  relation: { requestedBy: UserId | null; hidden: boolean; since: number } | null;
  blocks: Block[];
  openedAt: number | null;
};
/** What two people are to each other, without their conversation. */
export type Related = Pick<Pair, 'relation' | 'blocks'>;

/** Somebody who has read nothing, and may read all. */
const newMember = (user: UserId): Member => ({ user, role: 'member', from: 1, to: null, received: 0, read: 0 });

export const strangers = (a: UserId, b: UserId): Pair => ({
  members: sortedPair(a, b).map(newMember),
  relation: null,
  blocks: [],
  openedAt: null,
});

/**
 * The two people of a pair, in the order in which everything about it is kept.
 * @throws Error where it has not two
 */
export function peopleOf({ members }: { members: readonly Pick<Member, 'user'>[] }): [UserId, UserId] {
  const [a, b] = members;
  if (a === undefined || b === undefined) throw new Error('a pair has two people');
  return [a.user, b.user];
}

const blockBy = ({ blocks }: Pick<Pair, 'blocks'>, user: UserId): Block | undefined =>
  blocks.find(({ by }) => by === user);

/** A request to somebody who had blocked the one who asks is there for the latter alone. */
const visibleTo = ({ relation }: Pick<Pair, 'relation'>, me: UserId): Pair['relation'] =>
  relation?.hidden && relation.requestedBy !== me ? null : relation;

const hasAsked = (pair: Pair, me: UserId, them: UserId): boolean =>
  pair.relation?.requestedBy === them && !pair.relation.hidden && !blockBy(pair, me);

const accepted = (pair: Pair, at: number): Pair => ({
  ...pair,
  relation: { requestedBy: null, hidden: false, since: at },
  openedAt: pair.openedAt ?? at,
});

/** A change of a pair: what it becomes, the same one where nothing changes, and the answer. */
export type Change<T> = [pair: Pair, answer: T];

export function requested(pair: Pair, me: UserId, them: UserId, at: number): Change<'requested' | 'accepted'> {
  const { relation } = pair;
  if (relation?.requestedBy === me) return [pair, 'requested'];
  if (relation?.requestedBy === them) return [accepted(pair, at), 'accepted'];
  if (relation) return [pair, 'accepted'];
  const hidden = blockBy(pair, them) !== undefined;
  return [{ ...pair, relation: { requestedBy: me, hidden, since: at } }, 'requested'];
}

export function answered(pair: Pair, me: UserId, them: UserId, at: number): Change<'accepted' | 'none'> {
  const next = hasAsked(pair, me, them) ? accepted(pair, at) : pair;
  return [next, next.relation?.requestedBy === null ? 'accepted' : 'none'];
}

/** Makes the two contacts. A block that one of them has made stays, and goes on hiding the other. */
export const joined = (pair: Pair, at: number): Change<undefined> =>
  pair.relation?.requestedBy === null ? [pair, undefined] : [accepted(pair, at), undefined];

export const declined = (pair: Pair, me: UserId, them: UserId): Change<'declined' | 'none'> =>
  hasAsked(pair, me, them) ? [{ ...pair, relation: null }, 'declined'] : [pair, 'none'];

export const removed = (pair: Pair, me: UserId): Change<'removed' | 'none'> =>
  visibleTo(pair, me) ? [{ ...pair, relation: null }, 'removed'] : [pair, 'none'];

/** The marks as they were go into the block: the other sees these from then on. */
export function blocked(pair: Pair, me: UserId, at: number): Change<'blocked'> {
  if (blockBy(pair, me)) return [pair, 'blocked'];
  const { received = 0, read = 0 } = pair.members.find(({ user }) => user === me) ?? {};
  return [{ ...pair, blocks: [...pair.blocks, { by: me, at, received, read }] }, 'blocked'];
}

export const unblocked = (pair: Pair, me: UserId): Change<'unblocked' | 'none'> =>
  blockBy(pair, me) ? [{ ...pair, blocks: pair.blocks.filter(({ by }) => by !== me) }, 'unblocked'] : [pair, 'none'];

export const relationSeenBy = (pair: Related, me: UserId, them: UserId): Relation => ({
  accepted: pair.relation?.requestedBy === null,
  requestedBy: visibleTo(pair, me)?.requestedBy ?? null,
  blockedByMe: blockBy(pair, me) !== undefined,
  blockedByThem: blockBy(pair, them) !== undefined,
});

/** Whether `me` shares a conversation with the other, or a request that `me` sees: for them they encrypt, and ask for their keys. */
export const sharesWith = (pair: Pair, me: UserId): boolean => pair.openedAt !== null || visibleTo(pair, me) !== null;

/** What `me` has of the other in the list of contacts; null where nothing. */
export function contactSeenBy(pair: Related, me: UserId): { state: ContactState; since: number } | null {
  const block = blockBy(pair, me);
  if (block) return { state: 'blocked', since: block.at };
  const relation = visibleTo(pair, me);
  if (!relation) return null;
  const { requestedBy, since } = relation;
  return { state: requestedBy === null ? 'accepted' : requestedBy === me ? 'requested' : 'incoming', since };
}

/** Somebody who blocked `me` is never there: their marks stay what they were. */
export const marksSeenBy = (pair: Pair, me: UserId): Marks[] =>
  pair.members.map(({ user: userId, ...own }) => {
    const { received, read } = (userId === me ? undefined : blockBy(pair, userId)) ?? own;
    return { userId, received, read };
  });

/** Nothing of this member is left but the place. */
export const withoutMember = (pair: Pair, gone: UserId): Pair => ({
  ...pair,
  members: pair.members.map(member => (member.user === gone ? { ...member, received: 0, read: 0 } : member)),
  relation: null,
  blocks: [],
});
