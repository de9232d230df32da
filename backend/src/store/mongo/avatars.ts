import { randomUUID } from 'node:crypto';
import type { Unbound } from './base.ts';
import { living } from './user-row.ts';
import type { AccountStore } from '../accounts.ts';

/**
 * Pictures are documents of their own, since everything else about a person is read so much oftener. The user decides
 * which one is shown: it is named once its bytes are there, the one before goes once it is named no more, and what no
 * user names means nothing.
 */
export const avatarVerbs: Unbound<Pick<AccountStore, 'setAvatar' | 'avatar'>> = {
  async setAvatar({ users, avatars, now }, userId, avatar) {
    // Of its own even where the version is the same: two that are set at once must not remove each other's bytes.
    const picture = randomUUID();
    if (avatar) {
      await avatars.insertOne({ _id: picture, userId, at: now(), type: avatar.type, bytes: Buffer.from(avatar.bytes) });
    }
    const named = avatar && { version: avatar.version, picture };
    const before = await users
      .findOneAndUpdate(living(userId), { $set: { avatar: named } })
      .select('avatar')
      .lean();
    const unnamed = before ? before.avatar?.picture : picture;
    if (unnamed !== undefined) await avatars.deleteOne({ _id: unnamed });
  },

  async avatar({ users, avatars }, userId, version) {
    const user = await users.findOne({ ...living(userId), 'avatar.version': version }, 'avatar').lean();
    const found = user?.avatar && (await avatars.findById(user.avatar.picture).lean());
    return found ? { type: found.type, bytes: found.bytes } : null;
  },
};
