import type { KeptPair } from './transfer.ts';

/** A conversation on its way into a store, message by message: the place of the last one that came, and how many were retracted. */
export type Run = { pair: KeptPair; seq: number; retractions: number };

/** The number of a retraction: each store numbers them from 1, in the order of the messages. */
export const retractionOf = (retracted: boolean, run: Run): number | null => (retracted ? run.retractions : null);

/** Its members as the last message leaves them: marks within the conversation (S6). */
export const ended = ({ pair, seq }: Run): KeptPair['members'] =>
  pair.members.map(member => ({
    ...member,
    received: Math.min(member.received, seq),
    read: Math.min(member.read, seq),
  }));
