import type fc from 'fast-check';

/** How long a spec of many synced writes may take on a slow disk that others use as well, in ms. */
export const SLOW_MS = 180_000;

const fresh = Math.trunc(Math.random() * 0x7fffffff);

/**
 * The seeds a property runs with: one that never changes, those that once failed, and one of this run, which the title
 * prints.
 */
export const seeds = (...failedOnce: number[]): number[] => [20261120, ...failedOnce, fresh];

/** What `fc.assert` takes: the seed, and runs enough for a store that syncs each answer. */
export const runs = <T>(seed: number, numRuns: number): fc.Parameters<T> => ({ seed, numRuns });
