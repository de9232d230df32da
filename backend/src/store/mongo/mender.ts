import type { DeviceId } from '#protocol/ids';
import { SETTLED_MS, type MongoBase } from './base.ts';
import { removeTraces } from './deletion.ts';
import { settleGuest, settleHeld } from './guests.ts';

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
  for (const { _id, leftAt = now } of await base.users.find({ leftAt: { $exists: true } }, 'leftAt').lean()) {
    const settled = leftAt + SETTLED_MS <= now;
    await removeTraces(base, _id, settled);
    if (settled) await base.users.updateOne({ _id, leftAt }, { $unset: { leftAt: 1 } });
  }
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
