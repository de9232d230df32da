import { setTimeout as wait } from 'node:timers/promises';
import { createTurns } from '../../turns.ts';
import { StoreError } from '../store-error.ts';

/** What an attempt answers whose document somebody else has changed meanwhile. */
export const CONTENDED = Symbol('contended');

/** Most attempts at one document; each that fails means that another process was faster. */
const ATTEMPTS = 60;
const LONGEST_MS = 20;

/**
 * Attempts a change until nobody else was faster: reading, deciding, and writing on the condition that what was read
 * still holds. Within this process those with the same key wait for each other, so only processes can collide.
 */
export type Attempts = <T>(key: string, attempt: () => Promise<T | typeof CONTENDED>) => Promise<T>;

/** @param expect throws while no attempt is of any use: those that wait for their turn need not make it */
export function createAttempts(expect: () => void = () => undefined): Attempts {
  const turns = createTurns();
  return (key, attempt) =>
    new Promise((resolve, reject) => {
      const inTurn = async () => {
        expect();
        return attempt();
      };
      turns.take(key, () => untilAlone(inTurn).then(resolve, reject));
    });
}

/**
 * @returns what the first attempt answers that is not `CONTENDED`
 * @throws StoreError `overloaded` after many of those
 */
export async function untilAlone<T>(attempt: () => Promise<T | typeof CONTENDED>): Promise<T> {
  for (let tries = 1; tries <= ATTEMPTS; tries++) {
    const outcome = await attempt();
    if (outcome !== CONTENDED) return outcome;
    await wait(Math.random() * Math.min(LONGEST_MS, tries));
  }
  throw new StoreError('overloaded', 'Too many processes change the same thing at once.');
}
