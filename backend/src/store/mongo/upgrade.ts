import type { Connection } from 'mongoose';
import type { CallId } from '#protocol/ids';
import { linesOf, type CallOfTwo } from '../call-of-two.ts';
import type { CallRow } from '../calls.ts';
import type { Collections } from './schemas.ts';

/**
 * Brings the documents of version 1 to version 2: members of a conversation with a role and the places they read, messages
 * with an author, and that say whether they count. Each document is changed atomically, and only while it is of version 1:
 * the upgrade can be repeated, and several processes can run it at the same time.
 */
export async function upgradeFrom1(connection: Connection, { pairs, messages }: Collections): Promise<void> {
  const { db } = connection;
  if (!db) return;
  const member = {
    user: '$$this.user',
    role: 'member',
    from: { $literal: 1 },
    to: null,
    received: '$$this.received',
    read: '$$this.read',
  };
  await db
    .collection(pairs.collection.collectionName)
    .updateMany({ revision: { $exists: false } }, [
      { $set: { revision: '$rev', members: { $map: { input: '$members', in: member } } } },
      { $unset: 'rev' },
    ]);
  await db.collection(messages.collection.collectionName).updateMany({ counts: { $exists: false } }, [
    {
      $set: {
        author: { userId: '$senderId', deviceId: '$deviceId' },
        counts: true,
        retracted: false,
        expiresAt: null,
      },
    },
    { $unset: ['senderId', 'deviceId', 'tallies'] },
  ]);
}

/**
 * Brings the documents of version 2 to version 3: a call has a line for each of its people. Each document is changed
 * atomically, and only while it is of version 2, like those of `upgradeFrom1`.
 */
export async function upgradeFrom2(connection: Connection, { calls }: Collections): Promise<void> {
  const collection = connection.db?.collection<CallDocument2>(calls.collection.collectionName);
  if (!collection) return;
  for await (const call of collection.find({ parties: { $exists: false } })) {
    const rings = call.live?.some(entry => entry.startsWith(call.calleeId)) ?? false;
    const lines = call.state === 'ended' ? linesOf(call) : linesOf(call, !rings);
    await collection.updateOne(
      { _id: call._id, parties: { $exists: false } },
      { $set: lines, $unset: Object.fromEntries(OF_TWO.map(name => [name, ''])) },
    );
  }
  for (const index of ['callerId_1_position_1', 'calleeId_1_position_1'])
    await collection.dropIndex(index).catch(() => undefined);
}

type CallDocument2 = CallOfTwo &
  Partial<Pick<CallRow, 'conversationId' | 'parties'>> & { _id: CallId; live?: string[] };
const OF_TWO = [
  ...['callerId', 'callerDevice', 'calleeId', 'calleeDevice', 'answeredAt', 'endedAt'],
  ...['callerReason', 'calleeReason'],
];
