import type { UserId } from '#protocol/ids';
import { bounded, pageOf, readCursor, writeCursor } from '../cursor.ts';
import { insertUser, isTaken } from './accounts.ts';
import type { MongoBase, Unbound } from './base.ts';
import { contactVerbs } from './contacts.ts';
import type { InvitationDocument } from './documents.ts';
import { isAway, isDuplicate } from './faults.ts';
import { count, hold, letGo, settleGuest, settleHeld } from './guests.ts';
import { join } from './pairs.ts';
import { CONTENDED } from './turns.ts';
import { livingAmong, ROW_FIELDS, userRow } from './user-row.ts';
import type { UserRow } from '../accounts.ts';
import type { InvitationRow, InvitationStore, NewInvitation } from '../invitations.ts';

type Verbs = Unbound<InvitationStore>;

const invitationRow = ({
  _id: id,
  inviterId,
  uses,
  used,
  createdAt,
  expiresAt,
}: InvitationDocument): InvitationRow => ({
  id,
  inviterId,
  uses,
  used,
  createdAt,
  expiresAt,
});

/** Not over, with a use left. */
const usable = (at: number) => ({ expiresAt: { $gt: at }, $expr: { $lt: ['$used', '$uses'] } });

type Opened = { invitation: InvitationDocument; inviter: UserRow | null };

/** One that can be used at `at`; those who were coming have come, or not. */
async function openOne(base: MongoBase, codeHash: string, at: number): Promise<Opened | null> {
  const found = await base.invitations.findOne({ codeHash }).lean();
  if (found && found.held.length > 0) await settleHeld(base, found);
  const invitation = found && (await base.invitations.findOne({ codeHash, ...usable(at) }).lean());
  if (!invitation) return null;
  if (invitation.inviterId === null) return { invitation, inviter: null };
  const host = { _id: invitation.inviterId, username: { $exists: true }, disabled: false };
  const inviter = await base.users.findOne(host, ROW_FIELDS).lean();
  return inviter && { invitation, inviter: userRow(inviter) };
}

/** The slot is what keeps an inviter to so many: of two that take the last one the unique index refuses one. */
async function insert(
  { invitations }: MongoBase,
  { id, ...made }: NewInvitation,
  most: number,
): Promise<'created' | 'too-many' | typeof CONTENDED> {
  const { inviterId, createdAt } = made;
  const over = { $or: [{ expiresAt: { $lte: createdAt } }, { $expr: { $gte: ['$used', '$uses'] } }] };
  await invitations.deleteMany({ inviterId, ...over });
  const taken = new Set((await invitations.find({ inviterId }, 'slot').lean()).map(({ slot }) => slot));
  if (taken.size >= most) return 'too-many';
  const slot = Array.from({ length: taken.size + 1 }, (_, i) => i).find(i => !taken.has(i)) ?? taken.size;
  try {
    await invitations.insertOne({ _id: id, ...made, slot, used: 0, held: [] });
    return 'created';
  } catch (error) {
    if (isDuplicate(error, 'slot')) return CONTENDED;
    throw error;
  }
}

const createInvitation: Verbs['createInvitation'] = async (base, made, most) => {
  const { inviterId } = made;
  if (inviterId !== null && (await livingAmong(base, [inviterId])).length === 0) throw new Error('no such inviter');
  return base.attempts(`invitations ${inviterId ?? ''}`, () => insert(base, made, most));
};

const redeemInvitation: Verbs['redeemInvitation'] = async (base, codeHash, user, device) => {
  const opened = await openOne(base, codeHash, user.at);
  if (!opened) return { kind: 'unknown' };
  const { _id: id, inviterId } = opened.invitation;
  // Before a place is held: nobody is to be turned away for somebody who cannot come.
  if (await isTaken(base, user.username)) return { kind: 'username-taken' };
  if (!(await hold(base, id, user.id, true))) return { kind: 'unknown' };
  const invited = { id, inviterId, at: user.at };
  const outcome = await insertUser(base, user, device, { invited }).catch(async (error: unknown) => {
    // Without an answer the account may be there; then the place is settled by whoever meets it next.
    if (!isAway(error)) await letGo(base, id, user.id);
    throw error;
  });
  if (outcome === 'created') await settleGuest(base, user.id, invited);
  else await letGo(base, id, user.id);
  return outcome === 'created' ? { kind: outcome, inviterId } : { kind: outcome };
};

/** Who was blocked by the inviter cannot tell: to them the inviter is a contact who is never there. */
const acceptInvitation: Verbs['acceptInvitation'] = async (base, codeHash, userId, at) => {
  const opened = await openOne(base, codeHash, at);
  const inviterId = opened?.invitation.inviterId ?? null;
  if (!opened || inviterId === null || (await livingAmong(base, [userId])).length === 0) return { kind: 'unknown' };
  if (inviterId === userId) return { kind: 'own', inviterId };
  if ((await contactVerbs.relation(base, userId, inviterId)).accepted) return { kind: 'already', inviterId };
  const { _id: id } = opened.invitation;
  if (!(await hold(base, id, userId, false))) return { kind: 'unknown' };
  await join(base, userId, inviterId, at);
  await count(base, id, userId);
  return { kind: 'accepted', inviterId };
};

const invitationsOf: Verbs['invitationsOf'] = async ({ invitations }, inviterId: UserId, at, cursor, limit) => {
  const behind = readCursor('invitations', ['string'], cursor, ['']);
  if (!behind) return 'bad-cursor';
  const most = bounded(limit);
  const own = invitations.find({ inviterId, _id: { $gt: behind[0] }, ...usable(at) }).sort({ _id: 1 });
  const found = await own.limit(most + 1).lean();
  return pageOf(found, most, invitationRow, last => writeCursor('invitations', [last._id]));
};

export const invitationVerbs: Verbs = {
  createInvitation,
  redeemInvitation,
  acceptInvitation,
  invitationsOf,
  openInvitation: async (base, codeHash, at) => {
    const opened = await openOne(base, codeHash, at);
    return opened && { invitation: invitationRow(opened.invitation), inviter: opened.inviter };
  },
  revokeInvitation: async ({ invitations }, inviterId, id) => {
    const { deletedCount } = await invitations.deleteOne({ _id: id, inviterId });
    return deletedCount > 0 ? 'revoked' : 'unknown';
  },
};
