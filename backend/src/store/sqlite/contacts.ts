import type { ConversationId, UserId } from '#protocol/ids';
import { bounded, pageOf, readCursor, writeCursor } from '../cursor.ts';
import * as pair from '../../contacts/pair.ts';
import { columns, flag, idText, integer, nullable } from './columns.ts';
import type { Database, Row } from './database.ts';
import { changePair, readRelation } from './pair.ts';
import { exists, userRow } from './user-row.ts';
import type { ContactRow, Relation } from '../contacts.ts';
import type { BadCursor, StorePage } from '../page.ts';

export const relation = (db: Database, me: UserId, them: UserId): Relation =>
  pair.relationSeenBy(readRelation(db, me, them), me, them);

const contactColumns = columns<{
  me: UserId;
  requestedBy: UserId | null;
  hidden: boolean;
  since: number;
  blockedAt: number | null;
  conversationId: ConversationId | null;
}>({
  me: idText,
  requestedBy: nullable<UserId>(idText),
  hidden: flag,
  since: integer,
  blockedAt: nullable(integer),
  conversationId: nullable<ConversationId>(idText),
});

function contactRow(row: Row): ContactRow | null {
  const { me, requestedBy, hidden, since, blockedAt, conversationId } = contactColumns(row);
  const blocks = blockedAt === null ? [] : [{ by: me, at: blockedAt, received: 0, read: 0 }];
  const contact = pair.contactSeenBy({ relation: { requestedBy, hidden, since }, blocks }, me);
  return contact && { user: userRow(row), ...contact, conversationId };
}

const contact = (db: Database, me: UserId, them: UserId): ContactRow | null =>
  contactRows(db, me, { them, behind: '', limit: 1 }).map(contactRow)[0] ?? null;

/** Whom `me` sees among the contacts, `them` alone where given, in the order of usernames behind `behind`. */
function contactRows(db: Database, me: UserId, page: { them?: UserId; behind: string; limit: number }): Row[] {
  const only = page.them ?? null;
  return db.all`
    SELECT account.*, me, requestedBy, hidden, since, block.at AS blockedAt, conversation.id AS conversationId
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
    rows.map(contactRow).filter(row => row !== null),
    most,
    row => row,
    last => writeCursor('contacts', [last.user.username]),
  );
}

const accepted = columns<{ userId: UserId; blockedByMe: boolean; blockedByThem: boolean }>({
  userId: idText,
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

const bothLive = (db: Database, me: UserId, them: UserId): boolean => me !== them && exists(db, me) && exists(db, them);

export const contactWrites = {
  requestContact: (db: Database, me: UserId, them: UserId, at: number): 'requested' | 'accepted' | 'unknown' =>
    bothLive(db, me, them) ? changePair(db, me, them, before => pair.requested(before, me, them, at)) : 'unknown',
  acceptContact: (db: Database, me: UserId, them: UserId, at: number): 'accepted' | 'none' =>
    changePair(db, me, them, before => pair.answered(before, me, them, at)),
  declineContact: (db: Database, me: UserId, them: UserId): 'declined' | 'none' =>
    changePair(db, me, them, before => pair.declined(before, me, them)),
  removeContact: (db: Database, me: UserId, them: UserId): 'removed' | 'none' =>
    changePair(db, me, them, before => pair.removed(before, me)),
  block: (db: Database, me: UserId, them: UserId, at: number): 'blocked' | 'unknown' =>
    bothLive(db, me, them) ? changePair(db, me, them, before => pair.blocked(before, me, at)) : 'unknown',
  unblock: (db: Database, me: UserId, them: UserId): 'unblocked' | 'none' =>
    changePair(db, me, them, before => pair.unblocked(before, me)),
};
