import type { Contact } from '#protocol/api/contacts';
import type { UserId } from '#protocol/ids';
import { err, ok, type Result } from '#protocol/result';
import type { Who } from '../auth/authenticate.ts';
import type { Clock } from '../clock.ts';
import type { Delivery } from '../delivery.ts';
import type { ContactRow } from '../store/store-contacts.ts';
import type { Store } from '../store/store.ts';
import { personOf } from './profile.ts';

export type ContactDeps = { store: Store; clock: Clock };
/** Who is told to look again, and whether presence between the two must be told anew. */
export type Changed = { deliveries: Delivery[]; relationChanged: boolean };

/** A relation as one of its two sides sees it. */
export const contactOf = ({ user, state, since, conversationId }: ContactRow): Contact => ({
  person: personOf(user),
  state,
  since,
  ...(conversationId === null ? {} : { conversationId }),
});

const told = (...userIds: UserId[]): Delivery[] =>
  userIds.map(userId => ({ userId, frame: { type: 'contacts.changed' } }));

/** Asks to be contacts. Somebody who blocked the asker hears nothing, and the asker cannot tell. */
export async function requestContact(
  { store, clock }: ContactDeps,
  { userId: me }: Who,
  them: UserId,
): Promise<Result<Changed, 'unknown' | 'oneself'>> {
  if (them === me) return err('oneself');
  const outcome = await store.requestContact(me, them, clock.now());
  if (outcome === 'unknown') return err(outcome);
  const { blockedByThem } = await store.relation(me, them);
  return ok({ deliveries: told(me, ...(blockedByThem ? [] : [them])), relationChanged: outcome === 'accepted' });
}

export async function acceptContact(
  { store, clock }: ContactDeps,
  { userId: me }: Who,
  them: UserId,
): Promise<Result<Changed, 'none'>> {
  const outcome = await store.acceptContact(me, them, clock.now());
  return outcome === 'none' ? err(outcome) : ok({ deliveries: told(me, them), relationChanged: true });
}

export async function declineContact(
  { store }: ContactDeps,
  { userId: me }: Who,
  them: UserId,
): Promise<Result<Changed, 'none'>> {
  const outcome = await store.declineContact(me, them);
  return outcome === 'none' ? err(outcome) : ok({ deliveries: told(me, them), relationChanged: false });
}

/** Ends the relation; both sides see it. */
export async function removeContact(
  { store }: ContactDeps,
  { userId: me }: Who,
  them: UserId,
): Promise<Result<Changed, 'none'>> {
  const outcome = await store.removeContact(me, them);
  return outcome === 'none' ? err(outcome) : ok({ deliveries: told(me, them), relationChanged: true });
}

/** Blocks: only one's own devices are told, and what the other sees is presence that ends. */
export async function blockContact(
  { store, clock }: ContactDeps,
  { userId: me }: Who,
  them: UserId,
): Promise<Result<Changed, 'unknown'>> {
  const outcome = them === me ? 'unknown' : await store.block(me, them, clock.now());
  return outcome === 'unknown' ? err(outcome) : ok({ deliveries: told(me), relationChanged: true });
}

export async function unblockContact(
  { store }: ContactDeps,
  { userId: me }: Who,
  them: UserId,
): Promise<Result<Changed, 'none'>> {
  const outcome = await store.unblock(me, them);
  return outcome === 'none' ? err(outcome) : ok({ deliveries: told(me), relationChanged: true });
}
