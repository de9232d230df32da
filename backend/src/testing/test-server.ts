import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readConfig } from '../config.ts';
import { createLog } from '../log.ts';
import { openSecrets, type Secrets } from '../secrets/secrets.ts';
import { startServer, type ServerOptions } from '../server.ts';
import { openSqliteStore } from '../store/sqlite/sqlite-store.ts';
import type { Store } from '../store/store.ts';

export type TestServer = {
  /** Its origin, on plain http: `http://localhost:<port>`. */
  origin: string;
  port: number;
  /** Its port for https; undefined with `TLS=off`, which is usual here. */
  httpsPort: number | undefined;
  store: Store;
  secrets: Secrets;
  /** Every line it has logged, at debug level. */
  logged: string[];
  /** Drains, closes the store and opens both again on the same port, as a restart does. */
  restart(): Promise<void>;
  stop(): Promise<void>;
};

/** `env` is laid over what specs need; the rest goes to the server as it is. */
export type TestServerOptions = { env?: Record<string, string> } & Partial<Omit<ServerOptions, 'config' | 'store'>>;

/** The cheapest hashing bcrypt has: specs are about everything else. */
export const FAST_PASSWORDS = { cost: 4 };

/** A whole server on a free port, with a real store in a folder of its own. */
export async function startTestServer({ env = {}, ...overrides }: TestServerOptions = {}): Promise<TestServer> {
  const directory = await mkdtemp(join(tmpdir(), 'parley-spec-'));
  const config = readConfig({
    TLS: 'off',
    HTTP_PORT: '0',
    LOG_LEVEL: 'debug',
    SIGN_UP: 'open',
    DATA_DIR: directory,
    ...env,
  });
  if (!config.ok) throw new Error(config.error.join(' '));
  const logged: string[] = [];
  const secrets = await openSecrets(join(directory, 'secrets'));
  const open = async (port: number) => {
    const store = await openSqliteStore(directory, overrides.clock);
    const server = await startServer({
      config: config.value,
      store,
      secrets,
      version: '0.0.0',
      tls: undefined,
      passwords: FAST_PASSWORDS,
      appDir: directory,
      log: createLog('debug', { write: line => void logged.push(line) }),
      ...overrides,
      ports: { https: 0, http: port },
    });
    return { store, server };
  };
  let running = await open(0);
  const port = running.server.ports.http;
  const close = async () => {
    await running.server.drain();
    await running.store.close();
  };
  return {
    origin: `http://localhost:${port}`,
    port,
    secrets,
    logged,
    get httpsPort() {
      return running.server.ports.https;
    },
    get store() {
      return running.store;
    },
    restart: async () => {
      await close();
      running = await open(port);
    },
    stop: async () => {
      await close();
      await rm(directory, { recursive: true });
    },
  };
}
