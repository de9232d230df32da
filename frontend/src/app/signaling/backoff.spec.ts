import * as fc from 'fast-check';
import { BACKOFF_FIRST_MS, BACKOFF_MOST_MS, backoff } from './backoff';

describe('backoff', () => {
  it('doubles its ceiling from 0.3 s to 20 s', () => {
    const ceilings = [1, 2, 3, 7, 8, 1000].map(failures => backoff(failures, 1));
    expect(ceilings).toEqual([BACKOFF_FIRST_MS, 600, 1200, 19_200, BACKOFF_MOST_MS, BACKOFF_MOST_MS]);
  });

  it('waits anything from nothing to the ceiling', () => {
    expect(backoff(4, 0)).toBe(0);
    fc.assert(
      fc.property(
        fc.integer({ min: -5, max: 5000 }),
        fc.double({ min: 0, max: 1, noNaN: true }),
        (failures, random) => {
          const wait = backoff(failures, random);
          return wait >= 0 && wait <= BACKOFF_MOST_MS;
        },
      ),
    );
  });
});
