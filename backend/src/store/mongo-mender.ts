import { removeTraces } from './mongo-deletion.ts';
import type { Collections } from './mongo-schemas.ts';

/** A write that was on its way when an account was deleted has arrived or failed by then, ms. */
const SETTLED_MS = 60_000;
/** How often is looked for what is left to do, in ms. */
export const MENDING_MS = 60_000;

/**
 * Makes up for what a process could not finish, its own or another one's: nothing of it is ever shown, and here it goes.
 * Any number of processes may do so at once.
 * @param now ms since the epoch
 */
export async function mend(kept: Collections, now: number): Promise<void> {
  for (const { _id, leftAt = now } of await kept.users.find({ leftAt: { $exists: true } }, 'leftAt').lean()) {
    const settled = leftAt + SETTLED_MS <= now;
    await removeTraces(kept, _id, settled);
    if (settled) await kept.users.updateOne({ _id, leftAt }, { $unset: { leftAt: 1 } });
  }
}

/** Pictures that no user names, because their naming did not come, and tokens of devices that are gone; at a start. */
export async function sweep({ users, avatars, retired }: Collections, now: number): Promise<void> {
  const from = users.collection.collectionName;
  const pictures = await avatars.aggregate<{ _id: string }>([
    { $match: { at: { $lte: now - SETTLED_MS } } },
    { $lookup: { from, localField: 'userId', foreignField: '_id', as: 'user' } },
    { $match: { $expr: { $not: { $in: ['$_id', '$user.avatar.picture'] } } } },
    { $project: { _id: 1 } },
  ]);
  await avatars.deleteMany({ _id: { $in: pictures.map(({ _id }) => _id) } });
  const devices = await retired.aggregate<{ _id: string }>([
    { $group: { _id: '$device' } },
    { $lookup: { from, localField: '_id', foreignField: 'devices.id', as: 'user' } },
    { $match: { user: [] } },
  ]);
  await retired.deleteMany({ device: { $in: devices.map(({ _id }) => _id) } });
}
