import { suiteNeeds } from '../../../scripts/suite-needs.ts';
import { createPatience, type Patience } from '../auth/patience.ts';
import { createLog } from '../log.ts';
import { testClock } from '../testing/test-clock.ts';
import { startRedis, type TestRedis } from '../testing/redis-server.ts';
import { redisLimiter } from './redis-budgets.ts';
import { openRedisBus, type RedisBus } from './redis-bus.ts';
import { redisPatience } from './redis-patience.ts';
import { until } from '../testing/until.ts';

suiteNeeds(['redis'], 'budgets and patience in Redis', () => {
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
    await until(() => !buses[0]!.up);
    for (let i = 0; i < budget.points; i++) await one!.consume('ada');
    await expectAsync(one!.consume('ada')).toBeRejectedWith(jasmine.objectContaining({ remainingPoints: 0 }));
  });

  const wrong = async (times: number, ...patiences: Patience[]) => {
    for (let i = 0; i < times; i++) expect(await patiences[i % patiences.length]!.begin('ada at home')).toBe(0);
  };

  it('A9b count wrong secrets for all processes, and forgive for all', async () => {
    const [one, other] = buses.map(({ speaker }) => redisPatience(speaker));
    await wrong(5, one!, other!);
    for (const process of [one!, other!]) {
      const wait = await process.begin('ada at home');
      expect(wait).toBeGreaterThan(0);
      expect(wait).toBeLessThanOrEqual(1_000);
      expect(await process.begin('ben at home')).toBe(0);
    }
    await other!.forgive('ada at home');
    await wrong(5, one!, other!);
  });

  it('A9b let one of many through who guess at the same time everywhere, and wait twice as long after each', async () => {
    const [one, other] = buses.map(({ speaker }) => redisPatience(speaker));
    const guess = () => Promise.all(Array.from({ length: 40 }, (_, i) => (i % 2 ? one! : other!).begin('ada at home')));
    expect((await guess()).filter(wait => wait === 0)).toHaveSize(5);
    let waits: number[];
    do waits = await guess();
    while (!waits.includes(0));
    expect(waits.filter(wait => wait === 0)).toHaveSize(1);
    // The one let through may have been the last of them, behind others who were a moment too early.
    const longest = Math.max(...waits, ...(await guess()));
    expect(longest).toBeGreaterThan(1_000);
    expect(longest).toBeLessThanOrEqual(2_000);
  });

  it('A9b make guessers wait at each process by itself while Redis is gone', async () => {
    const patience = redisPatience(buses[0]!.speaker, createPatience(testClock()));
    await redis.kill();
    await until(() => !buses[0]!.up);
    await wrong(5, patience);
    expect(await patience.begin('ada at home')).toBe(1_000);
    await patience.forgive('ada at home');
    await wrong(5, patience);
  });
});
