import { randomUUID } from 'node:crypto';
import type { Store } from '../store.ts';
import { times } from './people.ts';

export function describePins(store: () => Store): void {
  describe('pins', () => {
    it('S31: of twenty at once one is kept, all are told which, and it stays', async () => {
      const name = randomUUID();
      const told = await Promise.all(times(20, i => store().pin(name, `value ${i}`)));
      expect(new Set(told).size).toBe(1);
      expect(told[0]).toMatch(/^value \d+$/);
      expect(await store().pin(name, 'later')).toBe(told[0]!);
      expect(await store().pin(randomUUID(), 'another')).toBe('another');
    });
  });
}
