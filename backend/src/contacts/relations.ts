import type { Contact } from '#protocol/api/contacts';
import type { UserId } from '#protocol/ids';
import { err, ok, type Result } from '#protocol/result';
import type { Who } from '../auth/authenticate.ts';
import type { Clock } from '../clock.ts';
import type { Delivery, RelationChange } from '../events/event.ts';
import type { ContactRow, Relation } from '../store/contacts.ts';
import type { Store } from '../store/store.ts';
import { personOf } from './profile.ts';

export type ContactDeps = { store: Store; clock: Clock };
/** Who is told to look again, and what presence and calls must know. */
export type Changed = { deliveries: Delivery[]; change: RelationChange };

/** A relation as one of its two sides sees it. */
export const contactOf = ({ user, state, since, conversationId }: ContactRow): Contact => ({
  person: personOf(user),
  state,
  since,
  ...(conversationId === null ? {} : { conversationId }),
});

/** Whether these two may know of each other whether they are there. */
export const seeEachOther = ({ accepted, blockedByMe, blockedByThem }: Relation): boolean =>
  accepted && !blockedByMe && !blockedByThem;

/** What a change of a relation could change for its two sides. */
async function pictureOf(store: Pick<Store, 'relation' | 'contact'>, by: UserId, other: UserId) {
  const [relation, ...rows] = await Promise.all([
    store.relation(by, other),
    store.contact(by, other),
    store.contact(other, by),
  ]);
  return { relation, lists: rows.map(row => row && `${row.state} ${row.since} ${row.conversationId}`) };
}

/**
 * Does something to a relation. Only whose list of contacts is another one by it is told to look again, so that nobody
 * learns from a frame what their list does not show: a block, or what somebody whom they have blocked has asked.
 */
export async function changeRelation<T>(
  store: Pick<Store, 'relation' | 'contact'>,
  by: UserId,
  other: UserId,
  change: () => Promise<T>,
): Promise<{ outcome: T; changed: Changed }> {
  const before = await pictureOf(store, by, other);
  const outcome = await change();
  const after = await pictureOf(store, by, other);
  const told = [by, other].filter((_, side) => before.lists[side] !== after.lists[side]);
  const blocked = after.relation.blockedByMe && !before.relation.blockedByMe;
  const [saw, sees] = [seeEachOther(before.relation), seeEachOther(after.relation)];
  const deliveries = told.map((userId): Delivery => ({ userId, frame: { type: 'contacts.changed' } }));
  return { outcome, changed: { deliveries, change: { by, other, saw, sees, blocked } } };
}

type Outcome<Refused extends string> = Promise<Result<Changed, Refused>>;

/** Asks to be contacts. Somebody who blocked the asker hears nothing, and the asker cannot tell. */
export async function requestContact(
  { store, clock }: ContactDeps,
  { userId: me }: Who,
  them: UserId,
): Outcome<'unknown' | 'oneself'> {
  if (them === me) return err('oneself');
  const ask = () => store.requestContact(me, them, clock.now());
  const { outcome, changed } = await changeRelation(store, me, them, ask);
  return outcome === 'unknown' ? err(outcome) : ok(changed);
}

export async function acceptContact({ store, clock }: ContactDeps, { userId: me }: Who, them: UserId): Outcome<'none'> {
  const accept = () => store.acceptContact(me, them, clock.now());
  const { outcome, changed } = await changeRelation(store, me, them, accept);
  return outcome === 'none' ? err(outcome) : ok(changed);
}

export async function declineContact({ store }: ContactDeps, { userId: me }: Who, them: UserId): Outcome<'none'> {
  const { outcome, changed } = await changeRelation(store, me, them, () => store.declineContact(me, them));
  return outcome === 'none' ? err(outcome) : ok(changed);
}

/** Ends the relation on both sides, or withdraws a request. */
export async function removeContact({ store }: ContactDeps, { userId: me }: Who, them: UserId): Outcome<'none'> {
  const { outcome, changed } = await changeRelation(store, me, them, () => store.removeContact(me, them));
  return outcome === 'none' ? err(outcome) : ok(changed);
}

/** Blocks: to the other it is as if the one who blocks had left. */
export async function blockContact(
  { store, clock }: ContactDeps,
  { userId: me }: Who,
  them: UserId,
): Outcome<'unknown'> {
  if (them === me) return err('unknown');
  const { outcome, changed } = await changeRelation(store, me, them, () => store.block(me, them, clock.now()));
  return outcome === 'unknown' ? err(outcome) : ok(changed);
}

export async function unblockContact({ store }: ContactDeps, { userId: me }: Who, them: UserId): Outcome<'none'> {
  const { outcome, changed } = await changeRelation(store, me, them, () => store.unblock(me, them));
  return outcome === 'none' ? err(outcome) : ok(changed);
}
