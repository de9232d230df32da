import { createPatience, FORGET_MS, LONGEST_MS, waitAfter, type Patience } from '../auth/patience.ts';
import { systemClock } from '../clock.ts';
import { PREFIX, type RedisClient } from './redis-bus.ts';

/** The wait after each failure, in ms; the last one stays. */
const WAITS = waits();

/** One step for Redis: of those who come at the same time, wherever, one is let through. */
const BEGIN = `
local wait = redis.call('PTTL', KEYS[2])
if wait > 0 then return wait end
local failures = redis.call('INCR', KEYS[1])
redis.call('PEXPIRE', KEYS[1], ARGV[1])
wait = tonumber(ARGV[math.min(failures + 1, #ARGV)])
if wait > 0 then redis.call('SET', KEYS[2], '', 'PX', wait) end
return 0`;

/** Counts for all processes in one place; while Redis is gone each counts for itself, in memory. */
export function redisPatience(client: RedisClient, alone: Patience = createPatience(systemClock)): Patience {
  const keys = (key: string) => [`${PREFIX}failures:${key}`, `${PREFIX}wait:${key}`];
  return {
    begin: async key => {
      try {
        const wait = await client.eval(BEGIN, { keys: keys(key), arguments: [FORGET_MS, ...WAITS].map(String) });
        return Number(wait);
      } catch {
        return alone.begin(key);
      }
    },
    forgive: async key => {
      await alone.forgive(key);
      // What cannot be forgiven now is forgotten by itself.
      await client.del(keys(key)).catch(() => 0);
    },
  };
}

function waits(): number[] {
  const all: number[] = [];
  while (all.at(-1) !== LONGEST_MS) all.push(waitAfter(all.length + 1));
  return all;
}
