import type { Marks } from '#protocol/api/conversations';
import type { Message, WithheldMessage } from '#protocol/chat-frames';
import type { ConversationId, UserId } from '#protocol/ids';
import { bounded, conversationCursor, pageOf, readCursor } from '../cursor.ts';
import { messageRow } from './chat.ts';
import { column, columns, flag, idText, integer, maybe } from './columns.ts';
import type { Database, Row } from './database.ts';
import type { ConversationRow } from '../chat.ts';
import type { BadCursor, StorePage } from '../page.ts';

const userColumn = column<UserId>('user', idText);
const withheldColumn = column('withheld', flag);

function shownMessage(row: Row): Message | WithheldMessage {
  if (!withheldColumn(row)) return messageRow(row);
  return { conversationId: idText(row['conversationId']), seq: integer(row['seq']), withheld: true };
}

function messagesSince(
  db: Database,
  id: ConversationId,
  reader: UserId,
  after: number,
  limit: number,
): (Message | WithheldMessage)[] {
  return db.all`
    SELECT message.*, withheld.seq IS NOT NULL AS withheld FROM member
    JOIN message ON conversationId = member.conversation
    LEFT JOIN withheld ON withheld.conversation = conversationId AND withheld.seq = message.seq AND withheld.user = ${reader}
    WHERE member.conversation = ${id} AND member.user = ${reader} AND message.seq > ${after}
    ORDER BY message.seq LIMIT ${bounded(limit)}`.map(shownMessage);
}

function messagesBefore(
  db: Database,
  id: ConversationId,
  reader: UserId,
  before: number,
  limit: number,
): (Message | WithheldMessage)[] {
  return db.all`
    SELECT message.*, withheld.seq IS NOT NULL AS withheld FROM member
    JOIN message ON conversationId = member.conversation
    LEFT JOIN withheld ON withheld.conversation = conversationId AND withheld.seq = message.seq AND withheld.user = ${reader}
    WHERE member.conversation = ${id} AND member.user = ${reader} AND message.seq < ${before}
    ORDER BY message.seq DESC LIMIT ${bounded(limit)}`
    .map(shownMessage)
    .reverse();
}

type Listed = Omit<ConversationRow, 'members' | 'marks'>;
const listedColumns = columns<Omit<Listed, 'last'>>({
  id: idText,
  lastSeq: integer,
  unread: integer,
  activeAt: integer,
});
const isShown = column('shownSeq', (value): boolean => value !== null);
const listed = (row: Row): Listed => ({ ...listedColumns(row), last: isShown(row) ? lastMessage(row) : null });
/** The message's own id and seq stand beside the conversation's. */
const lastMessage = (row: Row): Message =>
  messageRow({ ...row, id: row['messageId'] ?? null, seq: row['shownSeq'] ?? null });

/** A page in two reads, however many rows it has: on the thread that serves everybody. */
function conversationsOf(
  db: Database,
  me: UserId,
  cursor: string | undefined,
  limit: number,
): StorePage<ConversationRow> | BadCursor {
  const behind = readCursor('conversations', ['number', 'string'], cursor, [Number.MAX_SAFE_INTEGER, '']);
  if (!behind) return 'bad-cursor';
  const most = bounded(limit);
  const rows = db.all`
    SELECT conversation.id, conversation.lastSeq, unread, activeAt, conversationId, message.seq AS shownSeq,
      message.id AS messageId, senderId, deviceId, at, data
    FROM member JOIN conversation ON conversation.id = member.conversation
    LEFT JOIN message ON conversationId = conversation.id AND message.seq = member.lastSeq
    WHERE user = ${me} AND (activeAt, member.conversation) < (${behind[0]}, ${behind[1]})
    ORDER BY activeAt DESC, member.conversation DESC LIMIT ${most + 1}`.map(listed);
  const marks = marksFor(
    db,
    me,
    rows.map(({ id }) => id),
  );
  return pageOf(
    rows,
    most,
    row => {
      const own = marks.get(row.id) ?? [];
      return { ...row, members: own.map(({ userId }) => userId), marks: own };
    },
    conversationCursor,
  );
}

const markColumns = columns<Marks>({ userId: idText, received: integer, read: integer });
const conversationColumn = column<ConversationId>('conversation', idText);

/** By conversation. Somebody who blocked `me` is never there: their marks stay what they were. */
function marksFor(db: Database, me: UserId, ids: readonly ConversationId[]): Map<ConversationId, Marks[]> {
  const marks = new Map<ConversationId, Marks[]>(ids.map(id => [id, []]));
  const rows = db.all`
    SELECT conversation, user AS userId, coalesce(block.received, member.received) AS received,
      coalesce(block.read, member.read) AS read
    FROM member LEFT JOIN block ON blocker = user AND blocked = ${me}
    WHERE conversation IN (SELECT value FROM json_each(${JSON.stringify(ids)})) ORDER BY conversation, user`;
  for (const row of rows) marks.get(conversationColumn(row))?.push(markColumns(row));
  return marks;
}

export const historyReads = {
  messagesSince,
  messagesBefore,
  newestMessages: (db: Database, ids: readonly ConversationId[], reader: UserId, limit: number) =>
    ids.map(id => messagesBefore(db, id, reader, Number.MAX_SAFE_INTEGER, limit)),
  conversationsOf,
  lastSeq: (db: Database, id: ConversationId): number =>
    maybe(db.get`SELECT lastSeq FROM conversation WHERE id = ${id}`, column('lastSeq', integer)) ?? 0,
  membersOf: (db: Database, id: ConversationId): UserId[] =>
    db.all`SELECT user FROM member WHERE conversation = ${id} ORDER BY user`.map(userColumn),
};
