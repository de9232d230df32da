import { randomUUID } from 'node:crypto';
import { MOST_INVITATIONS, type InvitationOffer, type MadeInvitation } from '#protocol/api/invitations';
import type { UserId } from '#protocol/ids';
import { err, ok, type Result } from '#protocol/result';
import { codeHash, newInvitationCode } from '../auth/codes.ts';
import type { Clock } from '../clock.ts';
import type { LiveSessions } from '../delivery.ts';
import type { Accepted, InvitationRow } from '../store/store-invitations.ts';
import type { Store } from '../store/store.ts';

export type InvitationDeps = { store: Store; clock: Clock; refreshKey: Buffer };

const DAY_MS = 86_400_000;

/** Makes an invitation; `inviterId` null is the terminal's. Its code is in the answer and nowhere else. */
export async function makeInvitation(
  { store, clock, refreshKey }: InvitationDeps,
  inviterId: UserId | null,
  { uses, days }: InvitationOffer,
): Promise<Result<MadeInvitation, 'too-many'>> {
  const code = newInvitationCode();
  const createdAt = clock.now();
  const invitation = { id: randomUUID(), uses, createdAt, expiresAt: createdAt + days * DAY_MS };
  const hash = codeHash(refreshKey, 'invitation', code);
  const outcome = await store.createInvitation({ ...invitation, inviterId, codeHash: hash }, MOST_INVITATIONS);
  return outcome === 'created' ? ok({ ...invitation, used: 0, code }) : err(outcome);
}

/** An invitation as its inviter sees it afterwards: without its code, which nobody has any more. */
export const invitationOf = ({ inviterId: _, ...row }: InvitationRow): Omit<MadeInvitation, 'code'> => row;

/** Opens an invitation for somebody who has an account; both are told when they have become contacts. */
export async function acceptInvitation(
  deps: InvitationDeps & { live: LiveSessions },
  userId: UserId,
  code: string,
): Promise<Accepted> {
  const hash = codeHash(deps.refreshKey, 'invitation', code);
  const outcome = await deps.store.acceptInvitation(hash, userId, deps.clock.now());
  if (outcome.kind === 'accepted') await tellContacts(deps, userId, outcome.inviterId);
  return outcome;
}

/** Two people have become contacts by an invitation: each is told, but nobody of whom they have blocked. */
export async function tellContacts(
  { store, live }: { store: Store; live: LiveSessions },
  guest: UserId,
  inviter: UserId,
): Promise<void> {
  const { blockedByThem } = await store.relation(guest, inviter);
  const told = blockedByThem ? [guest] : [guest, inviter];
  live.deliver(told.map(userId => ({ userId, frame: { type: 'contacts.changed' } })));
  live.relationChanged(guest, inviter);
}
