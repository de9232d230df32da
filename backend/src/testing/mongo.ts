import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { resolve } from 'node:path';
import { MongoMemoryServer } from 'mongodb-memory-server-core';
import mongoose from 'mongoose';

/*
 * A MongoDB for specs: the one that MONGO_URL names, or one that mongodb-memory-server starts, from
 * MONGOMS_SYSTEM_BINARY or by a download where that can be reached.
 */
const named = process.env['MONGO_URL'];
const binary = process.env['MONGOMS_SYSTEM_BINARY'];
if (binary) process.env['MONGOMS_SYSTEM_BINARY'] = resolve(binary);

/** How long the place that mongod is downloaded from may take to answer, in ms. */
const REACHED_MS = 3_000;
const STARTED_MS = 120_000;

const isDownloadable = (): Promise<boolean> =>
  fetch('https://fastdl.mongodb.org', { method: 'HEAD', signal: AbortSignal.timeout(REACHED_MS) }).then(
    () => true,
    () => false,
  );

export const isThere = Boolean(named) || Boolean(binary) || (await isDownloadable());

/** One for all suites of a run. */
let started: Promise<MongoMemoryServer> | undefined;
export const stopMongo = async (): Promise<void> => void (await (await started)?.stop());
// Benchmarks run it, too, and stop it themselves.
if (isThere && 'jasmine' in globalThis) afterAll(stopMongo, STARTED_MS);

async function engine(): Promise<string> {
  if (named) return named;
  started ??= MongoMemoryServer.create();
  return (await started).getUri();
}

/** An empty database of a spec's own, which is dropped at its end. */
export type SpecDatabase = { url: string; drop(): Promise<void> };

export async function specDatabase(): Promise<SpecDatabase> {
  const [place = '', options] = (await engine()).split('?');
  const name = `parley-spec-${randomUUID().slice(0, 8)}`;
  const url = [place.replace(/^(mongodb(?:\+srv)?:\/\/[^/]+).*$/, `$1/${name}`), options].filter(Boolean).join('?');
  return {
    url,
    drop: async () => {
      const connection = await mongoose.createConnection(url).asPromise();
      await connection.dropDatabase();
      await connection.close();
    },
  };
}

export async function engineKind(url: string): Promise<{ replicated: boolean }> {
  const connection = await mongoose.createConnection(url).asPromise();
  const hello = await connection.db?.command({ hello: 1 });
  await connection.close();
  return { replicated: hello?.['setName'] !== undefined };
}

/** A suite that needs a MongoDB. Where there is none it is one pending spec, named before the last line of `npm test`. */
export function suiteOnMongo(title: string, specs: () => void): void {
  if (!isThere) return describe(title, () => void it('runs', () => pending('needs MONGO_URL or a mongod')));
  describe(title, () => {
    beforeAll(engine, STARTED_MS);
    specs();
  });
}

/** A mongod of a spec's own, on data that outlives it. */
export class OwnEngine {
  #server: MongoMemoryServer;
  readonly #dbPath: string;

  private constructor(server: MongoMemoryServer, dbPath: string) {
    this.#server = server;
    this.#dbPath = dbPath;
  }

  static async start(dbPath: string): Promise<OwnEngine> {
    return new OwnEngine(await MongoMemoryServer.create({ instance: { dbPath, storageEngine: 'wiredTiger' } }), dbPath);
  }

  get url(): string {
    return this.#server.getUri('parley');
  }

  get #process() {
    const process = this.#server.instanceInfo?.instance.mongodProcess;
    if (!process) throw new Error('mongod does not run');
    return process;
  }

  /** It keeps its connections and answers nothing, as a machine does that has no time for it. */
  freeze(): void {
    this.#process.kill('SIGSTOP');
  }

  thaw(): void {
    this.#process.kill('SIGCONT');
  }

  async kill(): Promise<void> {
    const process = this.#process;
    const gone = once(process, 'exit');
    process.kill('SIGKILL');
    await gone;
  }

  /** On the same port and the same data. */
  async restart(): Promise<void> {
    const port = Number(new URL(this.url.replace(/^mongodb/, 'http')).port);
    const instance = { port, dbPath: this.#dbPath, storageEngine: 'wiredTiger' } as const;
    this.#server = await MongoMemoryServer.create({ instance });
  }

  stop = async (): Promise<void> => void (await this.#server.stop({ doCleanup: false }));
}

/** Whether a spec can have a mongod of its own: one that runs elsewhere is nobody's to kill. */
export const canOwn = !named && isThere;
