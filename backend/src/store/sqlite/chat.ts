import type { Marks } from '#protocol/api/conversations';
import type { Message } from '#protocol/chat-frames';
import type { ConversationId, UserId } from '#protocol/ids';
import { grownMarks } from '../../chat/grown-marks.ts';
import { column, columns, idText, integer, maybe, text } from './columns.ts';
import type { Database } from './database.ts';
import type { Appended, NewMessage } from '../chat.ts';

export const messageRow = columns<Message>({
  conversationId: idText,
  seq: integer,
  id: idText,
  senderId: idText,
  deviceId: idText,
  at: integer,
  data: text,
});

const lastSeqColumn = column('lastSeq', integer);
const earlierPost = columns<{ seq: number; at: number }>({ seq: integer, at: integer });

function appendMessage(db: Database, message: NewMessage): Appended {
  const { conversationId, id, senderId, deviceId, at, data } = message;
  const earlier = maybe(
    db.get`SELECT seq, at FROM message
      WHERE conversationId = ${conversationId} AND senderId = ${senderId} AND id = ${id}`,
    earlierPost,
  );
  if (earlier) return { kind: 'duplicate', ...earlier };
  const seq = nextSeq(db, conversationId, senderId);
  db.run`INSERT INTO message (conversationId, seq, id, senderId, deviceId, at, data)
    VALUES (${conversationId}, ${seq}, ${id}, ${senderId}, ${deviceId}, ${at}, ${data})`;
  for (const user of message.withheldFrom) {
    db.run`INSERT INTO withheld (conversation, seq, user) VALUES (${conversationId}, ${seq}, ${user})`;
  }
  countForMembers(db, message, seq);
  return { kind: 'appended', seq, at };
}

/** Takes the next place. Throws where the sender is no member, or is one no more because the account was deleted. */
function nextSeq(db: Database, conversationId: ConversationId, senderId: UserId): number {
  const taken = db.get`
    UPDATE conversation SET lastSeq = lastSeq + 1
    WHERE id = ${conversationId} AND EXISTS (
      SELECT 1 FROM member JOIN user ON user.id = member.user
      WHERE conversation = ${conversationId} AND user = ${senderId} AND username IS NOT NULL)
    RETURNING lastSeq`;
  if (!taken) throw new Error('the sender is not a member of the conversation');
  return lastSeqColumn(taken);
}

function countForMembers(db: Database, { conversationId, senderId, at }: NewMessage, seq: number): void {
  db.run`
    UPDATE member SET lastSeq = ${seq}, activeAt = max(activeAt, ${at}), unread = unread + (user <> ${senderId})
    WHERE conversation = ${conversationId} AND NOT EXISTS (
      SELECT 1 FROM withheld WHERE withheld.conversation = ${conversationId} AND seq = ${seq} AND withheld.user = member.user)`;
}

type Standing = { received: number; read: number; lastSeq: number };
const standing = columns<Standing>({ received: integer, read: integer, lastSeq: integer });

function mark(
  db: Database,
  id: ConversationId,
  userId: UserId,
  asked: { received?: number; read?: number },
): { marks: Marks; grew: boolean } {
  const before = maybe(
    db.get`SELECT received, read, conversation.lastSeq FROM member JOIN conversation ON id = conversation
      WHERE id = ${id} AND user = ${userId}`,
    standing,
  );
  if (!before) throw new Error('the user is not a member of the conversation');
  const next = grownMarks({ userId, ...before }, asked, before.lastSeq);
  if (next.grew) raise(db, id, next.marks, before.read);
  return next;
}

/** Each message is looked at once in its life, when the mark passes it: counting costs no more however often it moves. */
function raise(db: Database, id: ConversationId, { userId, received, read }: Marks, readBefore: number): void {
  db.run`
    UPDATE member SET received = ${received}, read = ${read}, unread = unread - (
      SELECT count(*) FROM message
      WHERE conversationId = ${id} AND seq > ${readBefore} AND seq <= ${read} AND senderId <> ${userId} AND NOT EXISTS (
        SELECT 1 FROM withheld
        WHERE withheld.conversation = ${id} AND withheld.seq = message.seq AND withheld.user = ${userId}))
    WHERE conversation = ${id} AND user = ${userId}`;
}

export const chatWrites = { appendMessage, mark };
