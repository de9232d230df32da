import type { Marks } from '#protocol/api/conversations';
import type { Message, WithheldMessage } from '#protocol/chat-frames';
import type { ConversationId, UserId } from '#protocol/ids';
import { bounded, pageOf, readCursor, writeCursor } from './cursor.ts';
import { messageRow } from './sqlite-chat.ts';
import { column, columns, flag, integer, maybe, text } from './sqlite-columns.ts';
import type { Database, Row } from './sqlite-database.ts';
import type { ConversationRow } from './store-chat.ts';
import type { BadCursor, StorePage } from './store.ts';

const userColumn = column('user', text);
const withheldColumn = column('withheld', flag);

function shownMessage(row: Row): Message | WithheldMessage {
  if (!withheldColumn(row)) return messageRow(row);
  return { conversationId: text(row['conversationId']), seq: integer(row['seq']), withheld: true };
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

const listed = columns<{ id: string; lastSeq: number; lastShown: number; unread: number; activeAt: number }>({
  id: text,
  lastSeq: integer,
  lastShown: integer,
  unread: integer,
  activeAt: integer,
});
type Listed = ReturnType<typeof listed>;

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
    SELECT id, conversation.lastSeq, member.lastSeq AS lastShown, unread, activeAt
    FROM member JOIN conversation ON id = member.conversation
    WHERE user = ${me} AND (activeAt, member.conversation) < (${behind[0]}, ${behind[1]})
    ORDER BY activeAt DESC, member.conversation DESC LIMIT ${most + 1}`.map(listed);
  return pageOf(
    rows,
    most,
    row => conversationRow(db, me, row),
    row => writeCursor('conversations', [row.activeAt, row.id]),
  );
}

function conversationRow(
  db: Database,
  me: UserId,
  { id, lastSeq, lastShown, unread, activeAt }: Listed,
): ConversationRow {
  const marks = marksFor(db, me, id);
  const last = maybe(db.get`SELECT * FROM message WHERE conversationId = ${id} AND seq = ${lastShown}`, messageRow);
  return { id, members: marks.map(mark => mark.userId), lastSeq, last, marks, unread, activeAt };
}

/** Somebody who blocked `me` is never there: their marks stay what they were. */
const marksFor = (db: Database, me: UserId, id: ConversationId): Marks[] =>
  db.all`
    SELECT user AS userId, coalesce(block.received, member.received) AS received, coalesce(block.read, member.read) AS read
    FROM member LEFT JOIN block ON blocker = user AND blocked = ${me}
    WHERE conversation = ${id} ORDER BY user`.map(columns<Marks>({ userId: text, received: integer, read: integer }));

export const historyReads = {
  messagesSince,
  messagesBefore,
  conversationsOf,
  lastSeq: (db: Database, id: ConversationId): number =>
    maybe(db.get`SELECT lastSeq FROM conversation WHERE id = ${id}`, column('lastSeq', integer)) ?? 0,
  membersOf: (db: Database, id: ConversationId): UserId[] =>
    db.all`SELECT user FROM member WHERE conversation = ${id} ORDER BY user`.map(userColumn),
};
