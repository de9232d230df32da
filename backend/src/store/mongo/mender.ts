import type { DeviceId } from '#protocol/ids';
import { SETTLED_MS, type MongoBase } from './base.ts';
import { removeTraces } from './deletion.ts';
import { settleGuest, settleHeld } from './guests.ts';
import { mendSharing } from './key-changes.ts';
import { mendGone, settleOwed } from './keyrings.ts';

/** How often is looked for what is left to do, in ms. */
export const MENDING_MS = 60_000;

/**
 * Makes up for what a process could not finish, its own or another one's: nothing of it is ever shown, and here it goes.
 * Any number of processes may do so at once.
 */
export async function mend(base: MongoBase): Promise<void> {
  const now = base.now();
  for (const { _id, invited } of await base.users.find({ invited: { $exists: true } }, 'invited').lean()) {
    if (invited) await settleGuest(base, _id, invited);
  }
  for (const invitation of await base.invitations.find({ 'held.user': { $exists: true } }).lean()) {
    await settleHeld(base, invitation);
  }
  await mendKeys(base, now - SETTLED_MS);
  for (const { _id, leftAt = now } of await base.users.find({ leftAt: { $exists: true } }, 'leftAt').lean()) {
    const settled = leftAt + SETTLED_MS <= now;
    await removeTraces(base, _id, settled);
    if (settled) await base.users.updateOne({ _id, leftAt }, { $unset: { leftAt: 1 } });
  }
}

/** Who is to be told of changed keys, and what devices have left that are gone. */
async function mendKeys(base: MongoBase, settled: number): Promise<void> {
  const owed = { $lte: settled };
  for (const { _id, owedAt = 0 } of await base.keyrings.find({ owedAt: owed }, 'owedAt').lean())
    await settleOwed(base, _id, owedAt);
  for (const { _id, keysOwedAt = 0 } of await base.users.find({ keysOwedAt: owed }, 'keysOwedAt').lean())
    await mendGone(base, _id, keysOwedAt);
  for (const pair of await base.pairs.find({ keysOwedAt: owed }).lean()) await mendSharing(base, pair);
}

/** Pictures that no user names, because their naming did not come, and tokens of devices that are gone; at a start. */
export async function sweep({ users, avatars, retired, now }: MongoBase): Promise<void> {
  const from = users.collection.collectionName;
  const pictures = await avatars.aggregate<{ _id: string }>([
    { $match: { at: { $lte: now() - SETTLED_MS } } },
    { $lookup: { from, localField: 'userId', foreignField: '_id', as: 'user' } },
    { $match: { $expr: { $not: { $in: ['$_id', '$user.avatar.picture'] } } } },
    { $project: { _id: 1 } },
  ]);
  await avatars.deleteMany({ _id: { $in: pictures.map(({ _id }) => _id) } });
  const devices = await retired.aggregate<{ _id: DeviceId }>([
    { $group: { _id: '$device' } },
    { $lookup: { from, localField: '_id', foreignField: 'devices.id', as: 'user' } },
    { $match: { user: [] } },
  ]);
  await retired.deleteMany({ device: { $in: devices.map(({ _id }) => _id) } });
}
