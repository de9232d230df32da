import { randomUUID } from 'node:crypto';
import type { Bus } from './bus.ts';
import { until } from '../testing/until.ts';

/** Two ends of one bus, and a way to take it from one of them for a moment. */
export type BusHarness = { one: Bus; other: Bus; interrupt(bus: Bus): Promise<void>; dispose(): Promise<void> };

/** What `bus.ts` promises, as specs for any implementation. */
export function describeBus(name: string, open: () => Promise<BusHarness>): void {
  describe(name, () => {
    let harness: BusHarness;
    let one: Bus;
    let other: Bus;
    let heard: string[] = [];
    let onHeard: () => void = () => undefined;
    const ups = { one: 0, other: 0 };

    beforeEach(async () => {
      harness = await open();
      ({ one, other } = harness);
      heard = [];
      [ups.one, ups.other] = [0, 0];
      const quiet = { onMessage: () => undefined, onDown: () => undefined };
      one.listen({ ...quiet, onUp: () => ups.one++ });
      other.listen({
        ...quiet,
        onMessage: (topic, text) => {
          heard.push(`${topic} ${text}`);
          onHeard();
        },
        onUp: () => ups.other++,
      });
    });
    afterEach(() => harness.dispose());

    /** Resolves when so many messages were heard. */
    const heardAll = (count: number) =>
      new Promise<void>(resolve => {
        onHeard = () => heard.length >= count && resolve();
        onHeard();
      });

    it('brings what one publishes to the subscribers of its topic, in order', async () => {
      await other.subscribe('a');
      const told = Array.from({ length: 200 }, (_, i) => one.publish(i % 10 === 9 ? 'b' : 'a', String(i)));
      await heardAll(180);
      expect(heard).toEqual(
        Array.from({ length: 200 }, (_, i) => i)
          .filter(i => i % 10 !== 9)
          .map(i => `a ${i}`),
      );
      expect(await Promise.all(told.slice(8, 10))).toEqual([1, 0]);
    });

    it('brings nothing of a topic that was left, or that was not subscribed yet', async () => {
      await one.publish('a', 'too early');
      await other.subscribe('a');
      await one.publish('a', 'heard');
      await heardAll(1);
      other.unsubscribe('a');
      await other.subscribe('b');
      await one.publish('a', 'too late');
      await one.publish('b', 'last');
      await heardAll(2);
      expect(heard).toEqual(['a heard', 'b last']);
    });

    it('gives a lease to one owner until it ends or is given back', async () => {
      const lease = randomUUID();
      expect(await one.claim(lease, 'ada', 60_000)).toBe('ada');
      expect(await other.claim(lease, 'bob', 60_000)).toBe('ada');
      expect(await one.claim(lease, 'ada', 60_000)).toBe('ada');
      expect(await other.held([lease, randomUUID()])).toEqual([true, false]);
      await other.release(lease, 'bob');
      expect(await other.held([lease])).toEqual([true]);
      await one.release(lease, 'ada');
      expect(await other.claim(lease, 'bob', 60_000)).toBe('bob');
    });

    it('gives a lease that ran out to the next one', async () => {
      const lease = randomUUID();
      await one.claim(lease, 'ada', 20);
      let holder = 'ada';
      while (holder === 'ada') holder = await other.claim(lease, 'bob', 60_000);
      expect(holder).toBe('bob');
    });

    it('loses what is said while it is down, says when it is up, and hears again then', async () => {
      await other.subscribe('a');
      await one.publish('a', 'before');
      await heardAll(1);
      const back = until(() => ups.other > 0);
      await harness.interrupt(other);
      await back;
      await until(async () => Boolean(await one.publish('a', 'after')));
      await heardAll(2);
      expect(heard.filter(text => text === 'a during')).toEqual([]);
      expect(heard.slice(0, 2)).toEqual(['a before', 'a after']);
    });

    it('delivers nothing and refuses claims when it is closed', async () => {
      await one.close();
      expect(one.up).toBeFalse();
      expect(await one.publish('a', 'into the void')).toBeNull();
      await expectAsync(one.claim('x', 'ada', 1_000)).toBeRejected();
    });
  });
}
