import type { UserId } from '#protocol/ids';
import { SETTLED_MS, type MongoBase } from './base.ts';
import { directConversationId } from '../../chat/direct-conversation.ts';
import type { InvitationDocument, UserDocument } from './documents.ts';
import { join } from './pairs.ts';
import { livingAmong } from './user-row.ts';

/*
 * Somebody comes by an invitation:
 *
 *   a place is held ──► the account is there (or the contact, of somebody who has an account) ──► settled: the use counts
 *
 * The second step decides. A place that was held for nobody is let go, and what an account was to bring is brought, by
 * whoever meets it: a look at the invitation, a request of the guest, the mender.
 */

type Held = InvitationDocument['held'][number];
type Invited = NonNullable<UserDocument['invited']>;

/** Takes a place where one is left and this user is not coming already; `creates`: the account is made with it. */
export async function hold(
  { invitations, now }: MongoBase,
  id: string,
  user: UserId,
  creates: boolean,
): Promise<boolean> {
  const taken = { $add: ['$used', { $size: '$held' }] };
  const { matchedCount } = await invitations.updateOne(
    { _id: id, 'held.user': { $ne: user }, $expr: { $lt: [taken, '$uses'] } },
    { $push: { held: { user, at: now(), creates } } },
  );
  return matchedCount > 0;
}

export const letGo = ({ invitations }: MongoBase, id: string, user: UserId) =>
  invitations.updateOne({ _id: id }, { $pull: { held: { user } } });

/** Counts a place that was held; once, however often it is asked. */
export const count = ({ invitations }: MongoBase, id: string, user: UserId) =>
  invitations.updateOne({ _id: id, 'held.user': user }, { $pull: { held: { user } }, $inc: { used: 1 } });

/** Makes guest and inviter contacts, counts the use, and is done with it. */
export async function settleGuest(base: MongoBase, guest: UserId, { id, inviterId, at }: Invited): Promise<void> {
  if (inviterId !== null && (await livingAmong(base, [inviterId])).length > 0) await join(base, guest, inviterId, at);
  await count(base, id, guest);
  await base.users.updateOne({ _id: guest }, { $unset: { invited: 1 } });
}

/** Counts places whose people have come, and lets go of those for whom nobody comes any more. */
export async function settleHeld(base: MongoBase, invitation: InvitationDocument): Promise<void> {
  for (const held of invitation.held) {
    if (await hasCome(base, invitation, held)) await count(base, invitation._id, held.user);
    else if (held.at + SETTLED_MS <= base.now()) await letGo(base, invitation._id, held.user);
  }
}

async function hasCome({ users, pairs }: MongoBase, { inviterId }: InvitationDocument, { user, creates }: Held) {
  if (creates) return (await users.exists({ _id: user })) !== null;
  if (inviterId === null) return false;
  const contacts = { relation: { $ne: null }, 'relation.requestedBy': null };
  return (await pairs.exists({ _id: directConversationId(user, inviterId), ...contacts })) !== null;
}
