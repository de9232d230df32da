import type { Marks } from '#protocol/api/conversations';

/**
 * Marks as they become: they only grow, end at the last place of the conversation, and what is read is received.
 * @param asked as a device says; what it does not say stays
 * @param lastSeq the last place there is
 */
export function grownMarks(
  before: Marks,
  asked: { received?: number; read?: number },
  lastSeq: number,
): { marks: Marks; grew: boolean } {
  const read = Math.max(before.read, Math.min(asked.read ?? 0, lastSeq));
  const received = Math.max(before.received, read, Math.min(asked.received ?? 0, lastSeq));
  const grew = read > before.read || received > before.received;
  return { marks: { userId: before.userId, received, read }, grew };
}
