import type { UserId } from '#protocol/ids';
import { NEW_SETTINGS } from '../account-defaults.ts';
import { removeBackups } from './backups.ts';
import type { MongoBase, Unbound } from './base.ts';
import { contactVerbs } from './contacts.ts';
import { othersThan } from '../call-parties.ts';
import type { PairDocument } from './documents.ts';
import { forgetChanges, lastTold, noteChange, sharing } from './key-changes.ts';
import { forgetPlaces } from './keyrings.ts';
import type { Collections } from './schemas.ts';
import { unlessLastAdmin } from './last-admin.ts';
import { living, livingAmong } from './user-row.ts';
import { withoutMember } from '../../contacts/pair.ts';
import type { AccountStore } from '../accounts.ts';

/** What a user is after the deletion; the id stays for what it wrote. */
const NOTHING = {
  displayName: '',
  nameKeys: [],
  passwordHash: '',
  role: 'user',
  disabled: false,
  settings: NEW_SETTINGS,
  callsSeen: 0,
  createdAt: 0,
  avatar: null,
  devices: [],
} as const;

const GONE = { username: 1, reset: 1, setUp: 1, invited: 1, goingAt: 1, keysOwedAt: 1 } as const;

/**
 * S13. One write to the user decides: names, hash, devices and their tokens are in it, and every read asks whether a user
 * lives before it shows what others keep of one. The traces follow; `leftAt` stays until they are certainly gone, so that
 * a crash between two writes, or a post that was on its way, is made up for by the mender.
 */
export const deletionVerbs: Unbound<Pick<AccountStore, 'deleteUser'>> = {
  deleteUser: (base, id) => unlessLastAdmin(base, id, () => deleteUser(base, id)),
};

async function deleteUser(base: MongoBase, id: UserId): Promise<UserId[]> {
  const had = (await contactVerbs.acceptedContacts(base, id)).map(({ userId }) => userId);
  const before = await base.users
    .findOneAndUpdate(living(id), { $set: { ...NOTHING, leftAt: base.now() }, $unset: GONE })
    .select('devices.id')
    .lean();
  const devices = (before?.devices ?? []).map(device => device.id);
  await base.retired.deleteMany({ device: { $in: devices } });
  await base.toDevice.deleteMany({ device: { $in: devices } });
  await removeTraces(base, id);
  return had;
}

/**
 * Everything of a deleted user that nobody else can see goes; may be done again at any time.
 * @param forGood nothing can come any more that was on its way when the account was deleted
 */
export async function removeTraces(kept: MongoBase, id: UserId, forGood = false): Promise<void> {
  await forgetKeys(kept, id);
  await forgetChanges(kept, id);
  await kept.avatars.deleteMany({ userId: id });
  await kept.invitations.deleteMany({ inviterId: id });
  for (const pair of await kept.pairs.find({ 'members.user': id }).lean()) await leave(kept, pair, id, forGood);
  await removeCalls(kept, id);
}

/** Who shared with the person hears that they have left, once. */
async function forgetKeys(base: MongoBase, id: UserId): Promise<void> {
  for (const other of await livingAmong(base, await sharing(base, id)))
    if ((await lastTold(base, id, other))?.hasLeft !== true) await noteChange(base, id, other, true);
  await base.keyrings.deleteOne({ _id: id });
  await forgetPlaces(base, `${id} `);
  const backups = await base.sealedBackups.find({ user: id }, '_id').lean();
  await removeBackups(
    base,
    backups.map(({ _id }) => _id),
  );
}

async function leave(kept: Collections, pair: PairDocument, id: UserId, forGood: boolean): Promise<void> {
  const others = pair.members.map(({ user }) => user).filter(user => user !== id);
  const readers = await livingAmong(kept, others);
  if (readers.length > 0 && pair.openedAt !== null) return leaveOthers(kept, pair, id, readers);
  // It is no conversation from here on. What is left of it stays to be found until its messages are gone for good.
  const nothing = { openedAt: null, relation: null, blocks: [] };
  await kept.pairs.updateOne({ _id: pair._id }, { $set: nothing, $inc: { revision: 1 } });
  await kept.messages.deleteMany({ conversationId: pair._id });
  if (forGood) await kept.pairs.deleteOne({ _id: pair._id });
}

async function leaveOthers(
  { pairs, messages }: Collections,
  pair: PairDocument,
  id: UserId,
  readers: readonly UserId[],
): Promise<void> {
  const conversationId = pair._id;
  const { members, relation, blocks } = withoutMember(pair, id);
  const own = members.find(({ user }) => user === id);
  // The mender repeats this: where nothing is left to remove, the revision must not grow.
  const left = { members: { $elemMatch: { user: id, received: { $gt: 0 } } } };
  await pairs.updateOne(
    { _id: conversationId, $or: [{ relation: { $ne: null } }, { blocks: { $ne: [] } }, left] },
    { $set: { relation, blocks, 'members.$[gone]': own }, $inc: { revision: 1 } },
    { arrayFilters: [{ 'gone.user': id }] },
  );
  // Keeps the place of what everybody left was never shown, and nothing of its content.
  await messages.updateMany(
    { conversationId, 'author.userId': id, withheldFrom: { $all: [...readers] } },
    { $set: { data: '' } },
  );
  await messages.updateMany({ conversationId, withheldFrom: id }, { $pull: { withheldFrom: id } });
}

/** A call log goes with its last reader. */
async function removeCalls(kept: Collections, id: UserId): Promise<void> {
  const own = { state: 'ended' as const, 'parties.userId': id };
  const found = await kept.calls.find(own, 'parties').lean();
  const readers = found.flatMap(call => othersThan(call, id).map(({ userId }) => userId));
  const live = await livingAmong(kept, [...new Set(readers)]);
  await kept.calls.deleteMany({ $and: [own, { 'parties.userId': { $nin: live } }] });
}
