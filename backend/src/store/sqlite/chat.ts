import type { Marks } from '#protocol/api/conversations';
import type { Message, RetractedMessage } from '#protocol/chat-frames';
import type { EntryKey } from '#protocol/content/kinds';
import type { ConversationId, DeviceId, UserId } from '#protocol/ids';
import { grownMarks, type Mark } from '../../chat/grown-marks.ts';
import { column, columns, flag, idText, integer, maybe, nullable, text } from './columns.ts';
import type { Database, Row } from './database.ts';
import { FORGOTTEN_AT_ONCE, type Appended, type NewMessage, type Retracted } from '../chat.ts';

type MessageColumns = Omit<Message, 'author'> & { authorId: UserId; deviceId: DeviceId };
const place = { conversationId: idText, seq: integer, id: idText, authorId: idText, deviceId: idText, at: integer };
const placeColumns = columns<Omit<MessageColumns, 'counts' | 'data'>>(place);
const messageColumns = columns<MessageColumns>({ ...place, counts: flag, data: text });

export function messageRow(row: Row): Message {
  const { authorId: userId, deviceId, ...message } = messageColumns(row);
  return { ...message, author: { userId, deviceId } };
}

export function retractedRow(row: Row): RetractedMessage {
  const { authorId: userId, deviceId, ...place } = placeColumns(row);
  return { ...place, author: { userId, deviceId }, retracted: true };
}

const standingOf = columns<{ lastSeq: number; revision: number }>({ lastSeq: integer, revision: integer });
const earlierPost = columns<{ seq: number; at: number }>({ seq: integer, at: integer });

function appendMessage(db: Database, message: NewMessage): Appended {
  const { conversationId, id, author, at, counts, data, expiresAt = null } = message;
  const earlier = maybe(
    db.get`SELECT seq, at FROM message
      WHERE conversationId = ${conversationId} AND authorId = ${author.userId} AND id = ${id}`,
    earlierPost,
  );
  if (earlier) return { kind: 'duplicate', ...earlier };
  const seq = nextSeq(db, message);
  if (seq === null) return { kind: 'moved' };
  db.run`INSERT INTO message (conversationId, seq, id, authorId, deviceId, at, counts, data, expiresAt)
    VALUES (${conversationId}, ${seq}, ${id}, ${author.userId}, ${author.deviceId}, ${at}, ${Number(counts)}, ${data},
      ${expiresAt})`;
  for (const user of message.withheldFrom) {
    db.run`INSERT INTO withheld (conversation, seq, user) VALUES (${conversationId}, ${seq}, ${user})`;
  }
  return { kind: 'appended', seq, at };
}

/**
 * Takes the next place; null where the conversation has changed since the post was decided. Throws where the author is no
 * member, or is one no more because the account was deleted.
 */
function nextSeq(db: Database, { conversationId, author, revision }: NewMessage): number | null {
  const found = maybe(
    db.get`SELECT lastSeq, revision FROM conversation WHERE id = ${conversationId} AND EXISTS (
      SELECT 1 FROM member JOIN user ON user.id = member.user
      WHERE conversation = ${conversationId} AND user = ${author.userId} AND username IS NOT NULL)`,
    standingOf,
  );
  if (!found) throw new Error('the author is not a member of the conversation');
  if (revision !== undefined && revision !== found.revision) return null;
  db.run`UPDATE conversation SET lastSeq = ${found.lastSeq + 1} WHERE id = ${conversationId}`;
  return found.lastSeq + 1;
}

type Standing = { received: number; read: number; lastSeq: number };
const standing = columns<Standing>({ received: integer, read: integer, lastSeq: integer });

function mark(db: Database, id: ConversationId, userId: UserId, asked: Mark): { marks: Marks; grew: boolean } {
  const before = maybe(
    db.get`SELECT received, read, conversation.lastSeq FROM member JOIN conversation ON id = conversation
      WHERE id = ${id} AND user = ${userId}`,
    standing,
  );
  if (!before) throw new Error('the user is not a member of the conversation');
  const next = grownMarks({ userId, ...before }, asked, before.lastSeq);
  const { received, read } = next.marks;
  if (next.grew)
    db.run`UPDATE member SET received = ${received}, read = ${read} WHERE conversation = ${id} AND user = ${userId}`;
  return next;
}

const retractionColumn = column('retraction', nullable(integer));
const userColumn = column<UserId>('user', idText);

/** The key stays, so that the same post is still known. */
function retract(db: Database, row: Row): Retracted {
  const message = retractedRow(row);
  const { conversationId, seq } = message;
  const isNew = retractionColumn(row) === null;
  if (isNew)
    db.run`UPDATE message SET data = '', expiresAt = NULL, retraction = 1 + ifnull(
        (SELECT max(retraction) FROM message WHERE conversationId = ${conversationId} AND retraction IS NOT NULL), 0)
      WHERE conversationId = ${conversationId} AND seq = ${seq}`;
  const withheldFrom = db.all`
    SELECT user FROM withheld WHERE conversation = ${conversationId} AND seq = ${seq} ORDER BY user`.map(userColumn);
  return { message, withheldFrom, isNew };
}

function retractMessage(db: Database, { conversationId, authorId, id }: EntryKey): Retracted | null {
  const found = db.get`
    SELECT * FROM message WHERE conversationId = ${conversationId} AND authorId = ${authorId} AND id = ${id}`;
  return maybe(found, row => retract(db, row));
}

const forgetExpired = (db: Database, now: number): Retracted[] =>
  db.all`SELECT * FROM message WHERE expiresAt <= ${now} AND retraction IS NULL ORDER BY expiresAt LIMIT ${FORGOTTEN_AT_ONCE}`.map(
    row => retract(db, row),
  );

export const chatWrites = { appendMessage, mark, retractMessage, forgetExpired };
