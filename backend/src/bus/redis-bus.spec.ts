import { suiteNeeds } from '../../../scripts/suite-needs.ts';
import { createLog } from '../log.ts';
import { startRedis, type TestRedis } from '../testing/redis-server.ts';
import { describeBus } from './bus.contract.ts';
import { BusError } from './bus.ts';
import { openRedisBus } from './redis-bus.ts';
import { until } from '../testing/until.ts';

const log = createLog('silent');

suiteNeeds(['redis'], 'Redis', () => {
  describeBus('a bus over Redis', async () => {
    const redis = await startRedis();
    const [one, other] = await Promise.all([openRedisBus(redis.url, log), openRedisBus(redis.url, log)]);
    return {
      one,
      other,
      interrupt: async () => {
        await redis.kill();
        await one.publish('a', 'during');
        await redis.start();
      },
      dispose: async () => {
        await Promise.all([one.close(), other.close()]);
        await redis.stop();
      },
    };
  });

  describe('a bus over Redis', () => {
    let redis: TestRedis;
    beforeAll(async () => {
      redis = await startRedis();
    });
    afterAll(() => redis.stop());

    it('is refused at a start without one, in words', async () => {
      await expectAsync(openRedisBus('redis://127.0.0.1:1', log)).toBeRejectedWithError(
        BusError,
        /Redis cannot be used/,
      );
      await expectAsync(openRedisBus(redis.url.replace('//', '//ada:secret@'), log)).toBeRejectedWithError(
        BusError,
        /Redis cannot be used/,
      );
    });

    it('is down when Redis says nothing any more, long before a lease ends; what was said meanwhile never comes', async () => {
      const [bus, other] = await Promise.all([openRedisBus(redis.url, log), openRedisBus(redis.url, log)]);
      const heard: string[] = [];
      const quiet = { onMessage: () => undefined, onUp: () => undefined, onDown: () => undefined };
      other.listen({ ...quiet, onMessage: (_topic, text) => heard.push(text) });
      await other.subscribe('a');
      const down = new Promise<void>(resolve => bus.listen({ ...quiet, onDown: resolve }));
      const silentSince = performance.now();
      redis.signal('SIGSTOP');
      // It lies in Redis's own socket, which is read when it goes on: a ring must not come then.
      const said = bus.publish('a', 'into the silence');
      await down;
      expect(performance.now() - silentSince).toBeLessThan(3_500);
      expect(bus.up).toBeFalse();
      expect(await said).toBeNull();
      await until(() => !other.up);
      redis.signal('SIGCONT');
      await until(() => bus.up && other.up);
      expect(await bus.claim('lease', 'ada', 1_000)).toBe('ada');
      await until(async () => Boolean(await bus.publish('a', 'after')));
      await until(() => heard.includes('after'));
      expect(heard.filter(text => text !== 'after')).toEqual([]);
      await Promise.all([bus.close(), other.close()]);
    });
  });
});
