import type { UserId } from '#protocol/ids';
import type { CallRecord } from './calls.ts';

/** What a live call takes of a person, of which there is one each (S14): a seat, a second one beside it, and the ring. */
export type LiveSlot = 'first' | 'second' | 'ring';

/**
 * Whom a call that has not ended keeps from others (S14): not a callee from whom it is withheld. Who places a call can
 * neither place another one nor be rung; who is in one can be rung, and then has a second seat.
 * @param hasSeat whether this person has their first seat in another call
 */
export function liveFor(
  { callerId, calleeId, state, withheld = false }: CallRecord,
  hasSeat: (user: UserId) => boolean,
): [UserId, LiveSlot][] {
  if (state === 'active') return [callerId, calleeId].map(user => [user, hasSeat(user) ? 'second' : 'first']);
  const caller: [UserId, LiveSlot][] = [
    [callerId, 'first'],
    [callerId, 'ring'],
  ];
  return withheld ? caller : [...caller, [calleeId, 'ring']];
}
