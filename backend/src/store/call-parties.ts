import type { UserId } from '#protocol/ids';
import type { CallParty, CallRow } from './calls.ts';

type Parties = Pick<CallRow, 'parties'>;

/** What a live call takes of a person, of which there is one each (S14): a seat, a second one beside it, and the ring. */
export type LiveSlot = 'first' | 'second' | 'ring';

/** Who placed the call. */
export const isCaller = ({ parties }: Parties, userId: UserId): boolean => parties[0]?.userId === userId;

export const partyOf = ({ parties }: Parties, userId: UserId): CallParty | undefined =>
  parties.find(party => party.userId === userId);

export const othersThan = ({ parties }: Parties, userId: UserId): CallParty[] =>
  parties.filter(party => party.userId !== userId);

/** When the first of those who were called joined; null where none has. */
export function answeredAt({ parties }: Parties): number | null {
  const joined = parties.slice(1).flatMap(party => party.joinedAt ?? []);
  return joined.length === 0 ? null : Math.min(...joined);
}

/** Whether `next` may take the place of `known`: from ringing to active to ended, never back, and nobody of it goes missing. */
export const mayBecome = (known: CallRow, next: Omit<CallRow, 'position'>): boolean =>
  known.state !== 'ended' &&
  isCaller(next, known.parties[0]?.userId as UserId) &&
  known.parties.every(({ userId }) => partyOf(next, userId) !== undefined) &&
  CALL_STATES.indexOf(next.state) >= CALL_STATES.indexOf(known.state);

export const CALL_STATES = ['ringing', 'active', 'ended'] as const;

/**
 * Whom a call that has not ended keeps from others (S14): nobody from whom it is withheld or for whom it has ended. Who
 * places a call can neither place another one nor be rung; who is in one can be rung, and then has a second seat.
 * @param hasSeat whether this person has their first seat in another call
 */
export function liveFor(
  { parties, state }: Pick<CallRow, 'parties' | 'state'>,
  hasSeat: (user: UserId) => boolean,
): [UserId, LiveSlot][] {
  const here = parties.filter(({ withheld, leftAt }) => !withheld && leftAt === null);
  return here.flatMap(({ userId, joinedAt }): [UserId, LiveSlot][] => {
    if (joinedAt === null) return [[userId, 'ring']];
    if (state === 'active') return [[userId, hasSeat(userId) ? 'second' : 'first']];
    return isCaller({ parties }, userId)
      ? [
          [userId, 'first'],
          [userId, 'ring'],
        ]
      : [[userId, 'first']];
  });
}
