import type { Clock } from '../clock.ts';

/** Wrong secrets that cost nothing; each further one doubles the wait, up to `LONGEST_MS`. */
const FREE = 5;
export const LONGEST_MS = 15 * 60_000;
/** Failures are forgotten after this long without another, in ms. */
export const FORGET_MS = 60 * 60_000;
/** How many (account, address) pairs are remembered. */
const REMEMBERED = 10_000;

/** How long to wait after so many failures, in ms. */
export const waitAfter = (failures: number): number =>
  failures < FREE ? 0 : Math.min(LONGEST_MS, 1000 * 2 ** (failures - FREE));

/** Grows a delay for each (account, address): a stranger who guesses slows down nobody but their own address. */
export type Patience = {
  /** Begins an attempt, counted as failed until `forgive`; answers with the ms to wait if it comes too early. */
  begin(key: string): Promise<number>;
  /** The attempt was right. */
  forgive(key: string): Promise<void>;
};

/** Counts in memory: a restart forgives. */
export function createPatience(clock: Clock): Patience {
  const attempts = new Map<string, { failures: number; at: number }>();
  return {
    begin: async key => {
      const now = clock.now();
      const before = attempts.get(key);
      const failures = before === undefined || now - before.at > FORGET_MS ? 0 : before.failures;
      const wait = before === undefined ? 0 : before.at + waitAfter(failures) - now;
      if (wait > 0) return wait;
      attempts.delete(key);
      attempts.set(key, { failures: failures + 1, at: now });
      const oldest = attempts.keys().next();
      if (attempts.size > REMEMBERED && oldest.done !== true) attempts.delete(oldest.value);
      return 0;
    },
    forgive: async key => void attempts.delete(key),
  };
}
