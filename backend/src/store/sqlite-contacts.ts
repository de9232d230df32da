import type { UserId } from '#protocol/ids';
import { bounded, pageOf, readCursor, writeCursor } from './cursor.ts';
import { directConversationId, directKey, sortedPair } from './direct-conversation.ts';
import { exists, userRow } from './sqlite-user-row.ts';
import { columns, flag, integer, maybe, nullable, text } from './sqlite-columns.ts';
import type { Database, Row } from './sqlite-database.ts';
import type { ContactRow, Relation } from './store-contacts.ts';
import type { BadCursor, StorePage } from './store.ts';

const edge = columns<{ requestedBy: string | null; hidden: boolean }>({ requestedBy: nullable(text), hidden: flag });
type Edge = ReturnType<typeof edge>;

const isBlocked = (db: Database, blocker: UserId, blocked: UserId): boolean =>
  db.has`SELECT 1 FROM block WHERE blocker = ${blocker} AND blocked = ${blocked}`;

function edgeOf(db: Database, me: UserId, them: UserId): Edge | null {
  const [a, b] = sortedPair(me, them);
  return maybe(db.get`SELECT requestedBy, hidden FROM contact WHERE a = ${a} AND b = ${b}`, edge);
}

/** A request to somebody who had blocked the one who asks is there for the latter alone. */
const visibleTo = (me: UserId, found: Edge): boolean => !found.hidden || found.requestedBy === me;

export function relation(db: Database, me: UserId, them: UserId): Relation {
  const found = edgeOf(db, me, them);
  return {
    accepted: found !== null && found.requestedBy === null,
    requestedBy: found && visibleTo(me, found) ? found.requestedBy : null,
    blockedByMe: isBlocked(db, me, them),
    blockedByThem: isBlocked(db, them, me),
  };
}

const contactColumns = columns<{
  me: string;
  accepted: boolean;
  requestedBy: string | null;
  since: number;
  blockedAt: number | null;
  conversationId: string | null;
}>({
  me: text,
  accepted: flag,
  requestedBy: nullable(text),
  since: integer,
  blockedAt: nullable(integer),
  conversationId: nullable(text),
});

function contactRow(row: Row): ContactRow {
  const { me, accepted, requestedBy, since, blockedAt, conversationId } = contactColumns(row);
  const asked = requestedBy === me ? 'requested' : 'incoming';
  const state = blockedAt !== null ? 'blocked' : accepted ? 'accepted' : asked;
  return { user: userRow(row), state, since: blockedAt ?? since, conversationId };
}

const contact = (db: Database, me: UserId, them: UserId): ContactRow | null =>
  maybe(contactRows(db, me, { them, behind: '', limit: 1 })[0], contactRow);

/** Whom `me` sees among the contacts, `them` alone where given, in the order of usernames behind `behind`. */
function contactRows(db: Database, me: UserId, page: { them?: UserId; behind: string; limit: number }): Row[] {
  const only = page.them ?? null;
  return db.all`
    SELECT account.*, me, accepted, requestedBy, since, block.at AS blockedAt, conversation.id AS conversationId
    FROM edge JOIN account ON account.id = them
    LEFT JOIN block ON blocker = me AND blocked = them
    LEFT JOIN conversation ON directKey = min(me, them) || '|' || max(me, them)
    WHERE me = ${me} AND them = ifnull(${only}, them)
      AND (hidden = 0 OR requestedBy = me OR block.at IS NOT NULL) AND username > ${page.behind}
    ORDER BY username LIMIT ${page.limit}`;
}

function contactsOf(
  db: Database,
  me: UserId,
  cursor: string | undefined,
  limit: number,
): StorePage<ContactRow> | BadCursor {
  const behind = readCursor('contacts', ['string'], cursor, ['']);
  if (!behind) return 'bad-cursor';
  const most = bounded(limit);
  const rows = contactRows(db, me, { behind: behind[0], limit: most + 1 });
  return pageOf(
    rows.map(contactRow),
    most,
    row => row,
    last => writeCursor('contacts', [last.user.username]),
  );
}

const accepted = columns<{ userId: string; blockedByMe: boolean; blockedByThem: boolean }>({
  userId: text,
  blockedByMe: flag,
  blockedByThem: flag,
});

export const contactReads = {
  relation,
  contact,
  contactsOf,
  acceptedContacts: (db: Database, me: UserId) =>
    db.all`
      SELECT them AS userId,
        EXISTS (SELECT 1 FROM block WHERE blocker = me AND blocked = them) AS blockedByMe,
        EXISTS (SELECT 1 FROM block WHERE blocker = them AND blocked = me) AS blockedByThem
      FROM edge WHERE me = ${me} AND accepted = 1`.map(accepted),
};

function requestContact(db: Database, me: UserId, them: UserId, at: number): 'requested' | 'accepted' | 'unknown' {
  if (me === them || !exists(db, me) || !exists(db, them)) return 'unknown';
  const found = edgeOf(db, me, them);
  if (found) {
    if (found.requestedBy === me) return 'requested';
    if (found.requestedBy === them) accept(db, me, them, at);
    return 'accepted';
  }
  const [a, b] = sortedPair(me, them);
  const hidden = isBlocked(db, them, me) ? 1 : 0;
  db.run`INSERT INTO contact (a, b, requestedBy, hidden, since) VALUES (${a}, ${b}, ${me}, ${hidden}, ${at})`;
  return 'requested';
}

function accept(db: Database, me: UserId, them: UserId, at: number): void {
  const [a, b] = sortedPair(me, them);
  db.run`UPDATE contact SET requestedBy = NULL, hidden = 0, since = ${at} WHERE a = ${a} AND b = ${b}`;
  const conversation = directConversationId(a, b);
  db.run`INSERT INTO conversation (id, directKey, createdAt) VALUES (${conversation}, ${directKey(a, b)}, ${at})
    ON CONFLICT DO NOTHING`;
  db.run`INSERT INTO member (conversation, user, activeAt) VALUES (${conversation}, ${a}, ${at}), (${conversation}, ${b}, ${at})
    ON CONFLICT DO NOTHING`;
}

/** Makes two people accepted contacts, whatever they were; a block of one stands beside it and hides it as ever. */
export function joinPair(db: Database, me: UserId, them: UserId, at: number): void {
  const [a, b] = sortedPair(me, them);
  db.run`INSERT INTO contact (a, b, requestedBy, since) VALUES (${a}, ${b}, ${me}, ${at}) ON CONFLICT DO NOTHING`;
  accept(db, me, them, at);
}

/** Whether `them` has asked and `me` can see it. */
function hasAsked(db: Database, me: UserId, them: UserId): boolean {
  const found = edgeOf(db, me, them);
  return found?.requestedBy === them && !found.hidden && !isBlocked(db, me, them);
}

function acceptContact(db: Database, me: UserId, them: UserId, at: number): 'accepted' | 'none' {
  if (hasAsked(db, me, them)) accept(db, me, them, at);
  return relation(db, me, them).accepted ? 'accepted' : 'none';
}

function endRelation(db: Database, me: UserId, them: UserId): void {
  const [a, b] = sortedPair(me, them);
  db.run`DELETE FROM contact WHERE a = ${a} AND b = ${b}`;
}

function declineContact(db: Database, me: UserId, them: UserId): 'declined' | 'none' {
  if (!hasAsked(db, me, them)) return 'none';
  endRelation(db, me, them);
  return 'declined';
}

function removeContact(db: Database, me: UserId, them: UserId): 'removed' | 'none' {
  const found = edgeOf(db, me, them);
  if (!found || !visibleTo(me, found)) return 'none';
  endRelation(db, me, them);
  return 'removed';
}

function block(db: Database, me: UserId, them: UserId, at: number): 'blocked' | 'unknown' {
  if (me === them || !exists(db, me) || !exists(db, them)) return 'unknown';
  db.run`
    INSERT INTO block (blocker, blocked, at, received, read)
    SELECT ${me}, ${them}, ${at}, coalesce(max(received), 0), coalesce(max(read), 0) FROM member
    WHERE conversation = ${directConversationId(me, them)} AND user = ${me}
    ON CONFLICT DO NOTHING`;
  return 'blocked';
}

export const contactWrites = {
  requestContact,
  acceptContact,
  declineContact,
  removeContact,
  block,
  unblock: (db: Database, me: UserId, them: UserId): 'unblocked' | 'none' =>
    db.run`DELETE FROM block WHERE blocker = ${me} AND blocked = ${them}` > 0 ? 'unblocked' : 'none',
};
