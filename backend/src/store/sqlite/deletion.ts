import type { UserId } from '#protocol/ids';
import { NEW_SETTINGS } from '../account-defaults.ts';
import { column, idText } from './columns.ts';
import type { Database } from './database.ts';
import { forgetKeys, sharing } from './keyring.ts';
import { isLastAdmin } from './user-row.ts';

/**
 * S13. The row stays without anything but its id, because messages and call logs of others point at it; whatever nobody
 * else can see goes.
 */
function deleteUser(db: Database, id: UserId): UserId[] | 'last-admin' {
  if (isLastAdmin(db, id)) return 'last-admin';
  const shared = sharing(db, id);
  const contacts = db.all`SELECT them FROM edge WHERE me = ${id} AND accepted = 1`.map(column<UserId>('them', idText));
  db.run`
    UPDATE user SET username = NULL, displayName = '', passwordHash = '', role = 'user', disabled = 0, settings = ${JSON.stringify(NEW_SETTINGS)},
      callsSeen = 0, createdAt = 0
    WHERE id = ${id}`;
  db.run`DELETE FROM avatar WHERE user = ${id}`;
  db.run`DELETE FROM nameKey WHERE user = ${id}`;
  db.run`DELETE FROM invitation WHERE inviterId = ${id}`;
  db.run`DELETE FROM resetLink WHERE user = ${id}`;
  db.run`DELETE FROM device WHERE userId = ${id}`;
  forgetKeys(db, id, shared);
  db.run`DELETE FROM contact WHERE a = ${id} OR b = ${id}`;
  db.run`DELETE FROM block WHERE blocker = ${id} OR blocked = ${id}`;
  forgetConversations(db, id);
  db.run`
    DELETE FROM call WHERE state = 'ended' AND position IN (SELECT position FROM callParty WHERE userId = ${id})
      AND NOT EXISTS (
        SELECT 1 FROM callParty JOIN user ON user.id = userId
        WHERE callParty.position = call.position AND username IS NOT NULL)`;
  return contacts;
}

function forgetConversations(db: Database, id: UserId): void {
  db.run`
    DELETE FROM conversation WHERE id IN (SELECT conversation FROM member WHERE user = ${id})
      AND NOT EXISTS (
        SELECT 1 FROM member JOIN user ON user.id = member.user
        WHERE member.conversation = conversation.id AND username IS NOT NULL)`;
  db.run`UPDATE conversation SET revision = revision + 1 WHERE id IN (SELECT conversation FROM member WHERE user = ${id})`;
  db.run`DELETE FROM withheld WHERE user = ${id}`;
  db.run`UPDATE member SET received = 0, read = 0 WHERE user = ${id}`;
  // Keeps the place of what everybody left was never shown, and nothing of its content.
  db.run`
    UPDATE message SET data = '' WHERE authorId = ${id} AND conversationId IN (SELECT conversation FROM member WHERE user = ${id})
      AND EXISTS (SELECT 1 FROM withheld WHERE conversation = conversationId AND withheld.seq = message.seq)
      AND NOT EXISTS (
        SELECT 1 FROM member JOIN user ON user.id = member.user
        WHERE member.conversation = conversationId AND username IS NOT NULL
          AND NOT EXISTS (
            SELECT 1 FROM withheld
            WHERE conversation = conversationId AND withheld.seq = message.seq AND withheld.user = member.user))`;
}

export const deletionWrites = { deleteUser };
