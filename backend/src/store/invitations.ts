import type { UserId } from '#protocol/ids';
import type { NewDevice, NewUser, UserRow } from './accounts.ts';
import type { BadCursor, StorePage } from './page.ts';

export type InvitationRow = {
  id: string;
  /** Null where it was made at the terminal for nobody in particular. */
  inviterId: UserId | null;
  /** How many people may use it, and how many have. */
  uses: number;
  used: number;
  createdAt: number;
  expiresAt: number;
};
export type NewInvitation = Omit<InvitationRow, 'used'> & { codeHash: string };

/** What redeeming met. `unknown`: no such code, or it is over, used up, revoked, or its inviter is gone or disabled. */
export type Redeemed = { kind: 'created'; inviterId: UserId | null } | { kind: 'username-taken' } | { kind: 'unknown' };
/** What an invitation did for somebody who has an account already; only `accepted` uses it up. */
export type Accepted = { kind: 'accepted' | 'already' | 'own'; inviterId: UserId } | { kind: 'unknown' };

/** Every verb that takes a `codeHash` takes what codes.ts makes of a code; the store never sees one. */
export interface InvitationStore {
  /** Forgets those of this inviter that are over. `too-many` where `most` are still open. */
  createInvitation(invitation: NewInvitation, most: number): Promise<'created' | 'too-many'>;
  /** One that can be used now, with its inviter. */
  openInvitation(codeHash: string, at: number): Promise<{ invitation: InvitationRow; inviter: UserRow | null } | null>;
  /** Those of this user that can be used now, by id. */
  invitationsOf(
    inviterId: UserId,
    at: number,
    cursor: string | undefined,
    limit: number,
  ): Promise<StorePage<InvitationRow> | BadCursor>;
  revokeInvitation(inviterId: UserId, id: string): Promise<'revoked' | 'unknown'>;
  /** S40, S41: the account with its first device, the use counted, and inviter and guest contacts, in one. */
  redeemInvitation(codeHash: string, user: NewUser, device: NewDevice): Promise<Redeemed>;
  /** Makes somebody who has an account and the inviter contacts. */
  acceptInvitation(codeHash: string, userId: UserId, at: number): Promise<Accepted>;
}
