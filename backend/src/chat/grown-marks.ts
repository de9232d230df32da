import type { Marks } from '#protocol/api/conversations';

/** How far a reader has received and read a conversation, each a `seq`. */
export type Mark = { received?: number | undefined; read?: number | undefined };

/**
 * Marks as they become: they only grow, end at the last place of the conversation, and what is read is received.
 * @param asked as a device says; what it does not say stays
 * @param lastSeq the last place there is
 */
export function grownMarks(before: Marks, asked: Mark, lastSeq: number): { marks: Marks; grew: boolean } {
  const read = Math.max(before.read, Math.min(asked.read ?? 0, lastSeq));
  const received = Math.max(before.received, read, Math.min(asked.received ?? 0, lastSeq));
  const grew = read > before.read || received > before.received;
  return { marks: { userId: before.userId, received, read }, grew };
}
