import type { Connection } from 'mongoose';
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
