import type { UserId } from '#protocol/ids';
import { bounded, pageOf, readCursor, writeCursor } from '../cursor.ts';
import { createUser } from './accounts.ts';
import { columns, idText, integer, maybe, nullable, text } from './columns.ts';
import { joined } from '../../contacts/pair.ts';
import { relation } from './contacts.ts';
import type { Database } from './database.ts';
import { changePair } from './pair.ts';
import { exists, userRow } from './user-row.ts';
import type { NewDevice, NewUser, UserRow } from '../accounts.ts';
import type { Accepted, InvitationRow, NewInvitation, Redeemed } from '../invitations.ts';
import type { BadCursor, StorePage } from '../page.ts';

const invitationRow = columns<InvitationRow>({
  id: text,
  inviterId: nullable<UserId>(idText),
  uses: integer,
  used: integer,
  createdAt: integer,
  expiresAt: integer,
});

/** One that can be used at `at`. */
const openOne = (db: Database, codeHash: string, at: number): InvitationRow | null =>
  maybe(
    db.get`
      SELECT invitation.* FROM invitation LEFT JOIN user ON user.id = inviterId
      WHERE codeHash = ${codeHash} AND used < uses AND expiresAt > ${at}
        AND (inviterId IS NULL OR (user.username IS NOT NULL AND user.disabled = 0))`,
    invitationRow,
  );

function openInvitation(
  db: Database,
  codeHash: string,
  at: number,
): { invitation: InvitationRow; inviter: UserRow | null } | null {
  const invitation = openOne(db, codeHash, at);
  return (
    invitation && {
      invitation,
      inviter: maybe(db.get`SELECT * FROM account WHERE id = ${invitation.inviterId}`, userRow),
    }
  );
}

function invitationsOf(
  db: Database,
  inviterId: UserId,
  at: number,
  cursor: string | undefined,
  limit: number,
): StorePage<InvitationRow> | BadCursor {
  const behind = readCursor('invitations', ['string'], cursor, ['']);
  if (!behind) return 'bad-cursor';
  const most = bounded(limit);
  const rows = db.all`
    SELECT * FROM invitation WHERE inviterId = ${inviterId} AND used < uses AND expiresAt > ${at} AND id > ${behind[0]}
    ORDER BY id LIMIT ${most + 1}`;
  return pageOf(
    rows.map(invitationRow),
    most,
    row => row,
    last => writeCursor('invitations', [last.id]),
  );
}

export const invitationReads = { openInvitation, invitationsOf };

function createInvitation(db: Database, made: NewInvitation, most: number): 'created' | 'too-many' {
  const { inviterId } = made;
  db.run`DELETE FROM invitation WHERE inviterId IS ${inviterId} AND (used >= uses OR expiresAt <= ${made.createdAt})`;
  if (db.all`SELECT 1 FROM invitation WHERE inviterId IS ${inviterId} LIMIT ${most}`.length >= most) return 'too-many';
  if (inviterId !== null && !exists(db, inviterId)) throw new Error('no such inviter');
  db.run`
    INSERT INTO invitation (id, codeHash, inviterId, uses, createdAt, expiresAt)
    VALUES (${made.id}, ${made.codeHash}, ${inviterId}, ${made.uses}, ${made.createdAt}, ${made.expiresAt})`;
  return 'created';
}

const countUse = (db: Database, { id }: InvitationRow): number =>
  db.run`UPDATE invitation SET used = used + 1 WHERE id = ${id}`;

function redeemInvitation(db: Database, codeHash: string, user: NewUser, device: NewDevice): Redeemed {
  const invitation = openOne(db, codeHash, user.at);
  if (invitation === null) return { kind: 'unknown' };
  if (createUser(db, user, device) === 'username-taken') return { kind: 'username-taken' };
  const { inviterId } = invitation;
  countUse(db, invitation);
  if (inviterId !== null) changePair(db, user.id, inviterId, before => joined(before, user.at));
  return { kind: 'created', inviterId };
}

/** Who was blocked by the inviter cannot tell: to them the inviter is a contact who is never there. */
function acceptInvitation(db: Database, codeHash: string, userId: UserId, at: number): Accepted {
  const invitation = openOne(db, codeHash, at);
  if (invitation === null || invitation.inviterId === null || !exists(db, userId)) return { kind: 'unknown' };
  const { inviterId } = invitation;
  if (inviterId === userId) return { kind: 'own', inviterId };
  if (relation(db, userId, inviterId).accepted) return { kind: 'already', inviterId };
  countUse(db, invitation);
  changePair(db, userId, inviterId, before => joined(before, at));
  return { kind: 'accepted', inviterId };
}

export const invitationWrites = {
  createInvitation,
  revokeInvitation: (db: Database, inviterId: UserId, id: string): 'revoked' | 'unknown' =>
    db.run`DELETE FROM invitation WHERE id = ${id} AND inviterId = ${inviterId}` > 0 ? 'revoked' : 'unknown',
  redeemInvitation,
  acceptInvitation,
};
