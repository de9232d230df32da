import type { IncomingMessage, Server } from 'node:http';
import type { Server as HttpsServer } from 'node:https';
import type { Duplex } from 'node:stream';
import { SOCKET_PATH } from '#protocol/session-frames';
import { createAuthenticate } from './auth/authenticate.ts';
import { createPasswords, type PasswordOptions } from './auth/passwords.ts';
import { createPatience } from './auth/patience.ts';
import { accessTokens } from './auth/tokens.ts';
import { systemClock, type Clock } from './clock.ts';
import type { Config } from './config.ts';
import { createApp } from './http/app.ts';
import { BUDGETS, createBudgets, type Budget, type BudgetName } from './http/budgets.ts';
import { createOrigins, type Origins } from './http/origins.ts';
import { isThisMachine, onlyThisMachine } from './http/plain-http.ts';
import { problemOf } from './http/problem.ts';
import { upgradeRefusalOf } from './http/same-origin.ts';
import { close, listen, plainServer, secureServer } from './listeners.ts';
import type { Logger } from './log.ts';
import { createMetrics, type Metrics } from './ops/metrics.ts';
import type { Secrets } from './secrets/secrets.ts';
import { createSignaling } from './signaling/signaling.ts';
import type { Store } from './store/store.ts';

export type ServerOptions = {
  config: Config;
  store: Store;
  secrets: Secrets;
  log: Logger;
  /** What is served on https; undefined with `TLS=off`. */
  tls: { cert: string; key: string; names: readonly string[] } | undefined;
  ports: { https: number; http: number };
  version: string;
  /** Where the built app is. */
  appDir: string;
  metrics?: Metrics;
  clock?: Clock;
  budgets?: Record<BudgetName, Budget>;
  passwords?: PasswordOptions;
};

export type RunningServer = {
  /** Where it listens; https is undefined with `TLS=off`. */
  ports: { https: number | undefined; http: number };
  /** Every origin it answers to, the canonical one first. */
  origins: string[];
  /** Tells every socket, lets requests finish, and stops listening. The store stays open. */
  drain(): Promise<void>;
};

/** How long a request may take to finish when the server stops, in ms. */
const DRAIN_MS = 5_000;

/** Puts the parts together and listens. Rejects with a `ListenError` where a port is not to be had. */
export async function startServer(options: ServerOptions): Promise<RunningServer> {
  const { config, store, secrets, log, tls, clock = systemClock, metrics = createMetrics() } = options;
  const ports: RunningServer['ports'] = { https: undefined, http: options.ports.http };
  const origins = createOrigins({ config, names: () => tls?.names ?? [], ports: () => ports });
  const installation = await store.installation();
  const tokens = accessTokens({ key: secrets.accessTokenKey, installation: installation.id, clock });
  const authenticate = createAuthenticate({ store, tokens, clock });
  const shared = { config, store, installation, authenticate, metrics, log, clock };
  const signaling = await createSignaling({ ...shared, origins: () => origins.all() });
  const app = createApp(
    {
      ...shared,
      tokens,
      passwords: createPasswords(options.passwords),
      patience: createPatience(clock),
      refreshKey: secrets.refreshKey,
      live: signaling.live,
      budgets: createBudgets(options.budgets ?? BUDGETS),
      version: options.version,
      appDir: options.appDir,
    },
    origins,
  );

  const servers: (Server | HttpsServer)[] = [];
  const upgrade = upgradeHandler(origins, (request, socket, head) => signaling.upgrade(request, socket, head));
  const address = config.listen ?? (tls === undefined && config.trustedProxies.length === 0 ? '127.0.0.1' : undefined);
  if (tls !== undefined) {
    const secure = secureServer(tls, app).on('upgrade', upgrade);
    ports.https = await listen(secure, options.ports.https, address);
    servers.push(secure);
  }
  const plain =
    tls === undefined
      ? plainServer(app).on('upgrade', upgrade)
      : plainServer(onlyThisMachine(app, () => origins.all()[0] ?? '')).on('upgrade', thisMachineOnly(upgrade));
  try {
    ports.http = await listen(plain, options.ports.http, address);
  } catch (error) {
    for (const server of servers) server.close();
    throw error;
  }
  servers.push(plain);

  return {
    ports,
    origins: origins.all(),
    drain: async () => {
      const closed = servers.map(server => close(server, DRAIN_MS));
      await signaling.drain();
      await Promise.all(closed);
    },
  };
}

type Upgrade = (request: IncomingMessage, socket: Duplex, head: Buffer) => void;

function refuseUpgrade(socket: Duplex, status: number): void {
  socket.on('error', () => socket.destroy());
  socket.end(`HTTP/1.1 ${status} Refused\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`);
}

/** Only the signaling socket is an upgrade, called by one of our names and from one of our pages. */
const upgradeHandler =
  (origins: Origins, accept: Upgrade): Upgrade =>
  (request, socket, head) => {
    const refusal = upgradeRefusalOf(request, origins);
    if (refusal !== undefined) return refuseUpgrade(socket, problemOf(refusal).status);
    if (request.url?.split('?', 1)[0] !== SOCKET_PATH) return refuseUpgrade(socket, 404);
    accept(request, socket, head);
  };

const thisMachineOnly =
  (upgrade: Upgrade): Upgrade =>
  (request, socket, head) =>
    isThisMachine(request) ? upgrade(request, socket, head) : refuseUpgrade(socket, 404);
