import type { KeptPair } from './transfer.ts';

/** A conversation on its way into a store, message by message: the place of the last one that came. */
export type Run = { pair: KeptPair; seq: number };

/** Its members as the last message leaves them: marks within the conversation (S6). */
export const ended = ({ pair, seq }: Run): KeptPair['members'] =>
  pair.members.map(member => ({
    ...member,
    received: Math.min(member.received, seq),
    read: Math.min(member.read, seq),
  }));
