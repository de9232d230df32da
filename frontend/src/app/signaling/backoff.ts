/** The ceiling of the first wait, ms. */
export const BACKOFF_FIRST_MS = 300;
/** The ceiling of every later wait, ms. */
export const BACKOFF_MOST_MS = 20_000;

/**
 * Full-jitter exponential backoff: anything between nothing and a ceiling that doubles, so that the clients of a
 * restarted server do not come back as one.
 * @param failures attempts that have failed in a row, 1 for the first
 * @param random from [0, 1)
 * @param mostMs the ceiling of every later wait, ms
 * @returns how long to wait before the next attempt, ms
 */
export function backoff(failures: number, random: number, mostMs = BACKOFF_MOST_MS): number {
  const doublings = Math.min(Math.max(failures, 1) - 1, 30);
  return Math.round(random * Math.min(mostMs, BACKOFF_FIRST_MS * 2 ** doublings));
}
