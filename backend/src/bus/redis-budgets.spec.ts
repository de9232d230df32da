import { suiteNeeds } from '../../../scripts/suite-needs.ts';
import { createLog } from '../log.ts';
import { startRedis, type TestRedis } from '../testing/redis-server.ts';
import { redisLimiter } from './redis-budgets.ts';
import { openRedisBus, type RedisBus } from './redis-bus.ts';

suiteNeeds(['redis'], 'budgets in Redis', () => {
  let redis: TestRedis;
  let buses: RedisBus[];
  const budget = { points: 3, seconds: 60 };

  beforeEach(async () => {
    redis = await startRedis();
    buses = await Promise.all([1, 2].map(() => openRedisBus(redis.url, createLog('silent'))));
  });
  afterEach(async () => {
    await Promise.all(buses.map(bus => bus.close()));
    await redis.stop();
  });

  it('are one for all processes', async () => {
    const [one, other] = buses.map(({ speaker }) => redisLimiter(speaker)('signIns', budget));
    await one!.consume('ada');
    await other!.consume('ada');
    await one!.consume('ada');
    await expectAsync(other!.consume('ada')).toBeRejectedWith(jasmine.objectContaining({ remainingPoints: 0 }));
    await other!.consume('ben');
  });

  it('are each process’s own while Redis is gone: nobody is shut out, and nobody is let in without end', async () => {
    const [one] = buses.map(({ speaker }) => redisLimiter(speaker)('signIns', budget));
    await one!.consume('ada');
    await redis.kill();
    while (buses[0]!.up) await new Promise(resolve => setImmediate(resolve));
    for (let i = 0; i < budget.points; i++) await one!.consume('ada');
    await expectAsync(one!.consume('ada')).toBeRejectedWith(jasmine.objectContaining({ remainingPoints: 0 }));
  });
});
