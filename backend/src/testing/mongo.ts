import { randomUUID } from 'node:crypto';
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

const isThere = Boolean(named) || Boolean(binary) || (await isDownloadable());

/** One for all suites of a run. */
let started: Promise<MongoMemoryServer> | undefined;
if (isThere) {
  afterAll(async () => void (await (await started)?.stop()), STARTED_MS);
}

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

/** A suite that needs a MongoDB. Where there is none it is one pending spec, named before the last line of `npm test`. */
export function suiteOnMongo(title: string, specs: () => void): void {
  if (!isThere) return describe(title, () => void it('runs', () => pending('needs MONGO_URL or a mongod')));
  describe(title, () => {
    beforeAll(engine, STARTED_MS);
    specs();
  });
}

/** A mongod of a spec's own, which may be stopped and started again on the same data; undefined where MONGO_URL is all there is. */
export const ownEngine = async (): Promise<MongoMemoryServer | undefined> =>
  named && !binary ? undefined : MongoMemoryServer.create();
