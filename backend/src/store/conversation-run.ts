import type { UserId } from '#protocol/ids';
import type { KeptMessage, KeptPair } from './transfer.ts';
import { emptyTallies, tallied, type Tally } from '../chat/tally.ts';

/**
 * A conversation on its way into a store, message by message: what its members' tallies have come to, and what had been
 * shown to each up to their read mark.
 */
export type Run = { pair: KeptPair; seq: number; tallies: readonly Tally[]; shownBefore: ReadonlyMap<UserId, number> };

export const runOf = (pair: KeptPair): Run => ({
  pair,
  seq: 0,
  tallies: emptyTallies(pair.members, pair.openedAt ?? 0),
  shownBefore: new Map(),
});

/** The run with its next message. */
export function withNext(run: Run, message: KeptMessage): Run {
  const { seq } = message;
  const tallies = tallied(run.tallies, message);
  const readers = run.pair.members.filter(({ read }) => read === seq).map(({ user }) => user);
  if (readers.length === 0) return { ...run, seq, tallies };
  const shown = tallies.filter(({ user }) => readers.includes(user)).map(tally => [tally.user, tally.shown] as const);
  return { ...run, seq, tallies, shownBefore: new Map([...run.shownBefore, ...shown]) };
}

/** A member as the last message leaves it: marks within the conversation (S6), and how much of it was shown to them. */
export type Ended = { user: UserId; received: number; read: number; shownBefore: number; tally: Tally | undefined };

export const ended = ({ pair, seq, tallies, shownBefore }: Run): Ended[] =>
  pair.members.map(({ user, received, read }) => {
    const tally = tallies.find(one => one.user === user);
    // Read further than the last message that came along: all of it was shown by then.
    const shown = read > seq ? tally?.shown : shownBefore.get(user);
    return { user, received: Math.min(received, seq), read: Math.min(read, seq), shownBefore: shown ?? 0, tally };
  });
