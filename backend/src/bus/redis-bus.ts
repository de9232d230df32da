import { createClient } from '@redis/client';
import type { Logger } from '../log.ts';
import { BusError, type Bus, type Ears } from './bus.ts';

/** Everything of ours in a Redis begins with this. */
export const PREFIX = 'parley:';
/** A Redis that says nothing for this long, in ms, has gone: well inside a lease. */
const SILENT_MS = 2_000;
const PING_MS = 700;
/** How old a word may be when Redis hears it, in ms: its speaker has not given it up by then. */
const IN_TIME_MS = 1_000;
const MOST_WAIT_MS = 1_000;

/** One step for Redis: nobody comes between the look and the claim. */
const CLAIM = `
local holder = redis.call('GET', KEYS[1])
if holder and holder ~= ARGV[1] then return holder end
redis.call('SET', KEYS[1], ARGV[1], 'PX', ARGV[2])
return ARGV[1]`;
/** A message that reaches Redis late is dropped there, by Redis's own clock. */
const SAY = `
local now = redis.call('TIME')
if now[1] * 1000 + now[2] / 1000 > tonumber(ARGV[2]) then return -1 end
return redis.call('PUBLISH', ARGV[1], ARGV[3])`;
const RELEASE = `if redis.call('GET', KEYS[1]) == ARGV[1] then return redis.call('DEL', KEYS[1]) end return 0`;

/**
 * One connection to Redis. Nothing waits for one that is down: a ring must never come minutes late.
 * @param url `redis://user:password@host:port`, or `rediss://`
 */
export function connectRedis(url: string) {
  return createClient({
    url,
    disableOfflineQueue: true,
    pingInterval: PING_MS,
    socket: {
      connectTimeout: SILENT_MS,
      socketTimeout: SILENT_MS,
      reconnectStrategy: retries => Math.min(MOST_WAIT_MS, 50 * 2 ** Math.min(retries, 5)) * (0.5 + Math.random() / 2),
    },
  });
}
export type RedisClient = ReturnType<typeof connectRedis>;

/**
 * A bus over Redis: one connection speaks, the other hears.
 * @throws BusError where Redis cannot be reached or does not let us in
 */
export async function openRedisBus(url: string, log: Logger): Promise<RedisBus> {
  const [speaker, hearer] = [connectRedis(url), connectRedis(url)];
  const bus = new RedisBus(speaker, hearer, log);
  try {
    await Promise.race([Promise.all([speaker.connect(), hearer.connect()]), refused(speaker), tooLate()]);
    await bus.askTime();
  } catch (cause) {
    speaker.destroy();
    hearer.destroy();
    throw new BusError(`BUS: Redis cannot be used: ${cause instanceof Error ? cause.message : 'no answer'}.`, {
      cause,
    });
  }
  return bus;
}

/** At a start the first refusal counts; later ones are retried. */
const refused = (client: RedisClient): Promise<never> => new Promise((_, reject) => client.once('error', reject));
const tooLate = (): Promise<never> =>
  new Promise((_, reject) => setTimeout(() => reject(new Error('no answer')), 2 * SILENT_MS).unref());

export class RedisBus implements Bus {
  readonly speaker: RedisClient;
  readonly #hearer: RedisClient;
  readonly #topics = new Set<string>();
  #ears: Ears | undefined;
  #wasUp = false;
  /** What Redis's clock says when ours says 0, in ms; unknown until it was asked on this connection. */
  #epoch: number | undefined;

  constructor(speaker: RedisClient, hearer: RedisClient, log: Logger) {
    this.speaker = speaker;
    this.#hearer = hearer;
    for (const client of [speaker, hearer]) {
      client.on('ready', () => this.#look());
      // Every end of a connection is an error here, and reconnecting follows.
      client.on('error', (error: unknown) => {
        log.debug({ err: error }, 'the bus');
        this.#look();
      });
      client.on('reconnecting', () => this.#look());
    }
    speaker.on('ready', () => void this.askTime());
    speaker.on('reconnecting', () => (this.#epoch = undefined));
  }

  get up(): boolean {
    return this.speaker.isReady && this.#hearer.isReady && this.#epoch !== undefined;
  }

  listen(ears: Ears): void {
    this.#ears = ears;
    this.#wasUp = this.up;
  }

  async publish(topic: string, text: string): Promise<number | null> {
    if (!this.up || this.#epoch === undefined) return null;
    const until = Math.round(this.#epoch + performance.now() + IN_TIME_MS);
    const spoken = { arguments: [PREFIX + topic, String(until), text] };
    const heard = await this.speaker.eval(SAY, spoken).catch(() => undefined);
    if (typeof heard !== 'number') return null;
    if (heard >= 0) return heard;
    // Redis was busy for long, or its clock was set.
    await this.askTime();
    return null;
  }

  async subscribe(topic: string): Promise<void> {
    this.#topics.add(topic);
    // One that is refused because the connection is lost is made when it is back.
    await this.#hearer.subscribe(PREFIX + topic, this.#hear).catch(() => undefined);
  }

  unsubscribe(topic: string): void {
    this.#topics.delete(topic);
    this.#hearer.unsubscribe(PREFIX + topic, this.#hear).catch(() => undefined);
  }

  async claim(lease: string, owner: string, ms: number): Promise<string> {
    const holder = await this.speaker.eval(CLAIM, { keys: [PREFIX + lease], arguments: [owner, String(ms)] });
    return typeof holder === 'string' ? holder : '';
  }

  async release(lease: string, owner: string): Promise<void> {
    await this.speaker.eval(RELEASE, { keys: [PREFIX + lease], arguments: [owner] }).catch(() => 0);
  }

  async held(leases: readonly string[]): Promise<boolean[]> {
    if (leases.length === 0) return [];
    return (await this.speaker.mGet(leases.map(lease => PREFIX + lease))).map(holder => holder !== null);
  }

  async close(): Promise<void> {
    this.#ears = undefined;
    this.speaker.destroy();
    this.#hearer.destroy();
  }

  /** Learns Redis's clock on this connection: before that nothing can be said. Asks again where the answer took long. */
  async askTime(): Promise<void> {
    for (let took = Infinity; took > IN_TIME_MS / 4;) {
      const asked = performance.now();
      const time = await this.speaker.time().catch(() => undefined);
      // A connection that is lost again: the next one asks.
      if (!time || !this.speaker.isReady) return;
      const [seconds, micros] = time.map(Number);
      took = performance.now() - asked;
      this.#epoch = (seconds ?? 0) * 1_000 + (micros ?? 0) / 1_000 - (asked + took / 2);
    }
    this.#look();
  }

  readonly #hear = (text: string, channel: string): void => this.#ears?.onMessage(channel.slice(PREFIX.length), text);

  /** The two connections come and go by themselves; together they are one bus. */
  #look(): void {
    if (this.#wasUp === this.up) return;
    this.#wasUp = this.up;
    if (!this.#wasUp) return this.#ears?.onDown();
    const topics = Array.from(this.#topics, topic => PREFIX + topic);
    const heard = topics.length === 0 ? Promise.resolve() : this.#hearer.subscribe(topics, this.#hear);
    heard.then(
      () => this.up && this.#ears?.onUp(),
      () => undefined,
    );
  }
}
