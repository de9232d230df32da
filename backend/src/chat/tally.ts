import type { UserId } from '#protocol/ids';

/**
 * What a conversation is to one member up to one message: the last place shown to them, how many of others' messages
 * were shown, and when the last one was written, ms since the epoch. Every message carries those of all members, so that one
 * insert changes all there is to change, and what is unread is a difference of two tallies.
 */
export type Tally = { user: UserId; lastShown: number; shown: number; activeAt: number };

/** Before the first message. */
export const emptyTallies = (members: readonly { user: UserId }[], openedAt: number): Tally[] =>
  members.map(({ user }) => ({ user, lastShown: 0, shown: 0, activeAt: openedAt }));

export const tallied = (
  before: readonly Tally[],
  { seq, senderId, at, withheldFrom }: { seq: number; senderId: UserId; at: number; withheldFrom: readonly UserId[] },
): Tally[] =>
  before.map(tally => {
    if (withheldFrom.includes(tally.user)) return tally;
    const shown = tally.shown + (tally.user === senderId ? 0 : 1);
    return { user: tally.user, lastShown: seq, shown, activeAt: Math.max(tally.activeAt, at) };
  });
