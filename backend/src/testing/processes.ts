import { randomUUID } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ConversationId, UserId } from '#protocol/ids';
import { accessTokens } from '../auth/tokens.ts';
import { systemClock } from '../clock.ts';
import { openSecrets } from '../secrets/secrets.ts';
import { openMongoStore } from '../store/mongo-store.ts';
import type { Store } from '../store/store.ts';
import type { TestDevice } from './live-server.ts';
import { specDatabase, type SpecDatabase } from './mongo.ts';
import { endAll, run, said, type Run } from './process.ts';
import { startRedis, type TestRedis } from './redis-server.ts';
import { TestClient } from './test-client.ts';

/** A whole server in a process of its own, one of several. */
export type Process = { run: Run; http: number; ops: number };

/** Several real processes over a real MongoDB and a real Redis, and the store seen from beside them. */
export class Processes {
  readonly redis: TestRedis;
  readonly #database: SpecDatabase;
  readonly store: Store;
  readonly #directory: string;
  #token: TestDevice['token'] | ((userId: UserId, deviceId: string) => string) = () => '';
  #count = 0;

  private constructor(redis: TestRedis, database: SpecDatabase, store: Store, directory: string) {
    this.redis = redis;
    this.#database = database;
    this.store = store;
    this.#directory = directory;
  }

  static async open(): Promise<Processes> {
    const [redis, database] = await Promise.all([startRedis(), specDatabase()]);
    const store = await openMongoStore(database.url, systemClock);
    const directory = await mkdtemp(join(tmpdir(), 'parley-processes-'));
    const processes = new Processes(redis, database, store, directory);
    const { accessTokenKey: key } = await openSecrets(join(directory, 'secrets'));
    const tokens = accessTokens({ key, installation: (await store.installation()).id, clock: systemClock });
    processes.#token = (userId, deviceId) => tokens.issue({ userId, deviceId, role: 'user', gen: 1 });
    return processes;
  }

  async start(env: Record<string, string> = {}): Promise<Process> {
    const started = run({
      DATA_DIR: join(this.#directory, `data-${this.#count++}`),
      SECRETS_DIR: join(this.#directory, 'secrets'),
      ...{ STORE: this.#database.url, BUS: this.redis.url, TLS: 'off', HTTP_PORT: '0', OPS_LISTEN: '127.0.0.1:0' },
      ...env,
    });
    const [, http, ops] = await said(started, /"http":(\d+)\},"opsPort":(\d+)/);
    return { run: started, http: Number(http), ops: Number(ops) };
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

  async person(username: string): Promise<TestDevice> {
    const [userId, id] = [randomUUID(), randomUUID()];
    const user = { id: userId, username, displayName: username, passwordHash: 'x', role: 'user' as const, at: 1 };
    const device = { id, userId, name: 'Spec', secretHash: 'x', tokenHash: randomUUID(), at: Date.now() };
    await this.store.createUser(user, device);
    return { userId, deviceId: id, token: () => this.#token(userId, id) };
  }

  async befriend(a: TestDevice, b: TestDevice): Promise<ConversationId> {
    await this.store.requestContact(a.userId, b.userId, 1);
    await this.store.acceptContact(b.userId, a.userId, 1);
    return (await this.store.contact(a.userId, b.userId))?.conversationId ?? '';
  }

  async close(): Promise<void> {
    await endAll();
    await this.store.close();
    await this.#database.drop();
    await this.redis.stop();
    await rm(this.#directory, { recursive: true });
  }
}
