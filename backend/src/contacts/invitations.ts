import { randomUUID } from 'node:crypto';
import { MOST_INVITATIONS, type InvitationOffer, type MadeInvitation } from '#protocol/api/invitations';
import type { UserId } from '#protocol/ids';
import { err, ok, type Result } from '#protocol/result';
import { codeHash, newInvitationCode } from '../auth/codes.ts';
import type { Clock } from '../clock.ts';
import type { Delivery } from '../events/event.ts';
import type { Events } from '../events/event-hub.ts';
import type { Accepted, InvitationRow } from '../store/invitations.ts';
import type { Store } from '../store/store.ts';
import { changeRelation } from './relations.ts';

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
  deps: InvitationDeps & { events: Events },
  userId: UserId,
  code: string,
): Promise<Accepted> {
  const hash = codeHash(deps.refreshKey, 'invitation', code);
  const { store, clock, events } = deps;
  const accept = () => store.acceptInvitation(hash, userId, clock.now());
  const found = await store.openInvitation(hash, clock.now());
  // One whose inviter has no account any more, or never had one, changes no relation.
  const inviterId = found?.inviter?.id;
  if (inviterId === undefined || inviterId === userId) return accept();
  const { outcome, changed } = await changeRelation(store, userId, inviterId, accept);
  if (outcome.kind !== 'accepted') return outcome;
  events.say({ kind: 'deliver', deliveries: changed.deliveries });
  events.say({ kind: 'relation-changed', change: changed.change });
  return outcome;
}

/** Tells guest and inviter that they are contacts, after the guest has registered. */
export function tellContacts({ events }: { events: Events }, guest: UserId, inviter: UserId): void {
  const deliveries = [guest, inviter].map((userId): Delivery => ({ userId, frame: { type: 'contacts.changed' } }));
  events.say({ kind: 'deliver', deliveries });
  const change = { by: guest, other: inviter, saw: false, sees: true, blocked: false };
  events.say({ kind: 'relation-changed', change });
}
