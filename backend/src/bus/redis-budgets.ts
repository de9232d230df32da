import { RateLimiterMemory, RateLimiterRedis, type RateLimiterAbstract } from 'rate-limiter-flexible';
import { PREFIX, type RedisClient } from './redis-bus.ts';

/** Counts for all processes in one place; while Redis is gone each counts for itself, in memory. */
export const redisLimiter =
  (client: RedisClient) =>
  (name: string, { points, seconds }: { points: number; seconds: number }): RateLimiterAbstract =>
    new RateLimiterRedis({
      storeClient: client,
      useRedisPackage: true,
      rejectIfRedisNotReady: true,
      keyPrefix: `${PREFIX}budget:${name}`,
      points,
      duration: seconds,
      insuranceLimiter: new RateLimiterMemory({ keyPrefix: name, points, duration: seconds }),
    });
