import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { DeviceId, UserId } from '#protocol/ids';
import { accessTokens } from '../auth/tokens.ts';
import { systemClock } from '../clock.ts';
import { openSecrets } from '../secrets/secrets.ts';
import { openMongoStore } from '../store/mongo/mongo-store.ts';
import type { Store } from '../store/store.ts';
import { type OwnEngine, specDatabase } from './mongo.ts';
import { People, type TestDevice } from './people.ts';
import { endAll, run, said, type Run } from './process.ts';
import { startRedis, type TestRedis } from './redis-server.ts';
import { TestClient } from './test-client.ts';

/** A whole server in a process of its own, one of several. */
export type Process = { run: Run; http: number; ops: number; env: Record<string, string> };

/** @returns a process that listens, whatever its environment says of where its data is */
export async function startProcess(env: Record<string, string>): Promise<Process> {
  const started = run(env);
  const [, http, ops] = await said(started, /"http":(\d+)\},"opsPort":(\d+)/);
  return { run: started, http: Number(http), ops: Number(ops), env };
}

type Engines = { redis: TestRedis; mongo: { url: string; end: () => Promise<void> } };

/** Several real processes over a real MongoDB and a real Redis, and the store seen from beside them. */
export class Processes {
  readonly redis: TestRedis;
  readonly store: Store;
  readonly people: People;
  readonly #engines: Engines;
  readonly #directory: string;
  #token: (userId: UserId, deviceId: DeviceId, family: number) => string = () => '';
  #count = 0;
  #started: Process[] = [];

  private constructor(engines: Engines, store: Store, directory: string) {
    this.redis = engines.redis;
    this.#engines = engines;
    this.store = store;
    this.#directory = directory;
    this.people = new People({
      store: () => store,
      now: () => systemClock.now(),
      token: (userId, deviceId, family) => this.#token(userId, deviceId, family),
    });
  }

  /** @param engine a MongoDB of its own, to be killed; else it is one database of the one for all specs */
  static async open(engine?: OwnEngine): Promise<Processes> {
    const [redis, database] = await Promise.all([startRedis(), engine ?? specDatabase()]);
    const mongo = { url: database.url, end: () => ('drop' in database ? database.drop() : database.stop()) };
    const store = await openMongoStore(database.url, systemClock);
    const directory = await mkdtemp(join(tmpdir(), 'parley-processes-'));
    const processes = new Processes({ redis, mongo }, store, directory);
    const { accessTokenKey: key } = await openSecrets(join(directory, 'secrets'));
    const tokens = accessTokens({ key, installation: (await store.installation()).id, clock: systemClock });
    processes.#token = (userId, deviceId, family) => tokens.issue({ userId, deviceId, role: 'user', family, gen: 1 });
    return processes;
  }

  /** What one more process is given. */
  env(): Record<string, string> {
    return {
      DATA_DIR: join(this.#directory, `data-${this.#count++}`),
      SECRETS_DIR: join(this.#directory, 'secrets'),
      STORE: this.#engines.mongo.url,
      BUS: this.redis.url,
      TLS: 'off',
      HTTP_PORT: '0',
      OPS_LISTEN: '127.0.0.1:0',
    };
  }

  /** @returns one that listens */
  async start(more: Record<string, string> = {}): Promise<Process> {
    const process = await startProcess({ ...this.env(), ...more });
    this.#started.push(process);
    return process;
  }

  /** Those that run; where they are fewer than `count`, some more. */
  async running(count: number): Promise<Process[]> {
    this.#started = this.#started.filter(
      ({
        run: {
          process: { exitCode, signalCode },
        },
      }) => exitCode === null && signalCode === null,
    );
    await Promise.all(Array.from({ length: count - this.#started.length }, () => this.start()));
    return [...this.#started];
  }

  /** The process that decides about calls, as they have said so far, and the number under which it does. */
  registrar(): { process: Process; fence: number } {
    const said = this.#started.map(process => {
      const fences = process.run.output().matchAll(/"fence":(\d+),"msg":"registrar of calls"/g);
      return { process, fence: Math.max(0, ...Array.from(fences, ([, fence]) => Number(fence))) };
    });
    return said.reduce((one, other) => (other.fence > one.fence ? other : one));
  }

  /** What it says of itself to whoever runs the machine. */
  async readyz({ ops }: Process): Promise<string> {
    const response = await fetch(`http://127.0.0.1:${ops}/readyz`);
    return `${response.status} ${(await response.text()).trim()}`;
  }

  /** A client of this device, at this process; nothing is said yet. */
  client({ http }: Process): TestClient {
    return new TestClient(`ws://localhost:${http}`);
  }

  async connect(process: Process, device: TestDevice): Promise<TestClient> {
    const client = this.client(process);
    await client.hello(device.token());
    return client;
  }

  async close(): Promise<void> {
    await endAll();
    await this.store.close();
    await this.#engines.mongo.end();
    await this.redis.stop();
    await rm(this.#directory, { recursive: true });
  }
}
