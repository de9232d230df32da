import type { Marks } from '#protocol/api/conversations';
import type { Message, Placed, RetractedMessage } from '#protocol/chat-frames';
import { conversationKind, type Member, memberRole } from '#protocol/conversation';
import type { ConversationId, UserId } from '#protocol/ids';
import type { Room } from '../../chat/audience.ts';
import { bounded, conversationCursor, pageOf, readCursor } from '../cursor.ts';
import { messageRow, retractedRow } from './chat.ts';
import { column, columns, flag, idText, integer, maybe, nullable, oneOf } from './columns.ts';
import type { Database, Row } from './database.ts';
import { readRelation } from './pair.ts';
import type { ConversationRow } from '../chat.ts';
import type { BadCursor, StorePage } from '../page.ts';

const withheldColumn = column('withheld', flag);

const retractionColumn = column('retraction', nullable(integer));

function shownMessage(row: Row): Placed {
  if (!withheldColumn(row)) return retractionColumn(row) === null ? messageRow(row) : retractedRow(row);
  return { conversationId: idText(row['conversationId']), seq: integer(row['seq']), withheld: true };
}

function messagesSince(db: Database, id: ConversationId, reader: UserId, after: number, limit: number): Placed[] {
  return db.all`
    SELECT * FROM shown WHERE conversationId = ${id} AND reader = ${reader} AND seq > ${after}
    ORDER BY seq LIMIT ${bounded(limit)}`.map(shownMessage);
}

function messagesBefore(db: Database, id: ConversationId, reader: UserId, before: number, limit: number): Placed[] {
  return db.all`
    SELECT * FROM shown WHERE conversationId = ${id} AND reader = ${reader} AND seq < ${before}
    ORDER BY seq DESC LIMIT ${bounded(limit)}`
    .map(shownMessage)
    .reverse();
}

type Listed = Pick<ConversationRow, 'id' | 'kind' | 'revision' | 'lastSeq' | 'last' | 'activeAt'>;
const conversationColumns = { id: idText<ConversationId>, kind: oneOf(conversationKind.options), revision: integer };
const listedColumns = columns<Omit<Listed, 'last'>>({ ...conversationColumns, lastSeq: integer, activeAt: integer });
const isShown = column('shownSeq', (value): boolean => value !== null);
const listed = (row: Row): Listed => ({ ...listedColumns(row), last: isShown(row) ? lastMessage(row) : null });
/** The message's own id and seq stand beside the conversation's. */
const lastMessage = (row: Row): Message =>
  messageRow({ ...row, id: row['messageId'] ?? null, seq: row['shownSeq'] ?? null });

/** A page in five reads, however many rows it has: on the thread that serves everybody. */
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
    WITH own AS (
      SELECT conversation.*, (
        SELECT seq FROM shown WHERE conversationId = conversation.id AND reader = ${me} AND counts = 1 AND withheld = 0
          AND retraction IS NULL
        ORDER BY seq DESC LIMIT 1) AS shownSeq
      FROM member JOIN conversation ON conversation.id = member.conversation WHERE user = ${me})
    SELECT own.id, kind, revision, lastSeq, shownSeq, ifnull(at, createdAt) AS activeAt,
      conversationId, message.id AS messageId, authorId, deviceId, at, counts, data
    FROM own LEFT JOIN message ON conversationId = own.id AND message.seq = shownSeq
    WHERE (ifnull(at, createdAt), own.id) < (${behind[0]}, ${behind[1]})
    ORDER BY activeAt DESC, own.id DESC LIMIT ${most + 1}`.map(listed);
  const ids = rows.map(({ id }) => id);
  const [members, marks] = [membersOf(db, ids), marksFor(db, me, ids)];
  const [unread, retractions] = [unreadOf(db, me, ids), retractionsOf(db, me, ids)];
  return pageOf(
    rows,
    most,
    row => ({
      ...row,
      members: members.get(row.id) ?? [],
      marks: marks.get(row.id) ?? [],
      unread: unread.get(row.id) ?? 0,
      retractions: retractions.get(row.id) ?? 0,
    }),
    conversationCursor,
  );
}

/** For each conversation the rows that name it. */
function byConversation<T>(rows: readonly Row[], read: (row: Row) => T): Map<ConversationId, T[]> {
  const found = new Map<ConversationId, T[]>();
  for (const row of rows) {
    const id = conversationColumn(row);
    const all = found.get(id);
    if (all) all.push(read(row));
    else found.set(id, [read(row)]);
  }
  return found;
}

const memberColumns = columns<Member>({
  userId: idText,
  role: oneOf(memberRole.options),
  from: integer,
  to: nullable(integer),
});

const membersOf = (db: Database, ids: readonly ConversationId[]): Map<ConversationId, Member[]> =>
  byConversation(
    db.all`
      SELECT conversation, user AS userId, role, fromSeq AS "from", toSeq AS "to" FROM member
      WHERE conversation IN (SELECT value FROM json_each(${JSON.stringify(ids)})) ORDER BY conversation, user`,
    memberColumns,
  );

const markColumns = columns<Marks>({ userId: idText, received: integer, read: integer });
const conversationColumn = column<ConversationId>('conversation', idText);
const unreadColumn = column('unread', integer);

/** Somebody who blocked `me` is never there: their marks stay what they were. */
const marksFor = (db: Database, me: UserId, ids: readonly ConversationId[]): Map<ConversationId, Marks[]> =>
  byConversation(
    db.all`
      SELECT conversation, user AS userId, coalesce(block.received, member.received) AS received,
        coalesce(block.read, member.read) AS read
      FROM member LEFT JOIN block ON blocker = user AND blocked = ${me}
      WHERE conversation IN (SELECT value FROM json_each(${JSON.stringify(ids)})) ORDER BY conversation, user`,
    markColumns,
  );

/** Counted from the log, above the own mark. */
function unreadOf(db: Database, me: UserId, ids: readonly ConversationId[]): Map<ConversationId, number> {
  const rows = db.all`
    SELECT member.conversation, count(*) AS unread FROM member JOIN shown ON conversationId = conversation AND reader = user
    WHERE user = ${me} AND conversation IN (SELECT value FROM json_each(${JSON.stringify(ids)}))
      AND seq > read AND counts = 1 AND withheld = 0 AND retraction IS NULL AND authorId <> user
    GROUP BY conversation`;
  return new Map(rows.map(row => [conversationColumn(row), unreadColumn(row)]));
}

/** The number of the latest retraction of each that `me` may know of. */
function retractionsOf(db: Database, me: UserId, ids: readonly ConversationId[]): Map<ConversationId, number> {
  const rows = db.all`
    SELECT conversation, (
      SELECT retraction FROM shown
      WHERE conversationId = member.conversation AND reader = ${me} AND withheld = 0 AND retraction > 0
      ORDER BY retraction DESC LIMIT 1) AS retraction
    FROM member WHERE user = ${me} AND conversation IN (SELECT value FROM json_each(${JSON.stringify(ids)}))`;
  return new Map(rows.map(row => [conversationColumn(row), retractionColumn(row) ?? 0]));
}

const roomColumns = columns<Omit<Room, 'members' | 'related'>>(conversationColumns);

function conversation(db: Database, id: ConversationId): Room | null {
  const found = maybe(db.get`SELECT id, kind, revision FROM conversation WHERE id = ${id}`, roomColumns);
  if (!found) return null;
  const members = membersOf(db, [id]).get(id) ?? [];
  const [a, b] = members;
  const isDirect = found.kind === 'direct' && a !== undefined && b !== undefined;
  return { ...found, members, related: isDirect ? readRelation(db, a.userId, b.userId) : null };
}

function retractedSince(
  db: Database,
  id: ConversationId,
  reader: UserId,
  after: number,
  limit: number,
): { items: RetractedMessage[]; upTo: number } {
  const rows = db.all`
    SELECT * FROM shown WHERE conversationId = ${id} AND reader = ${reader} AND withheld = 0 AND retraction > ${after}
    ORDER BY retraction LIMIT ${bounded(limit)}`;
  const last = rows.at(-1);
  return { items: rows.map(retractedRow), upTo: (last && retractionColumn(last)) ?? after };
}

export const historyReads = {
  messagesSince,
  messagesBefore,
  newestMessages: (db: Database, ids: readonly ConversationId[], reader: UserId, limit: number) =>
    ids.map(id => messagesBefore(db, id, reader, Number.MAX_SAFE_INTEGER, limit)),
  retractedSince,
  conversationsOf,
  lastSeq: (db: Database, id: ConversationId): number =>
    maybe(db.get`SELECT lastSeq FROM conversation WHERE id = ${id}`, column('lastSeq', integer)) ?? 0,
  conversation,
};
