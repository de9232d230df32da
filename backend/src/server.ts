import type { Express } from 'express';
import { join } from 'node:path';
import { createAuthenticate } from './auth/authenticate.ts';
import { createPasswords, type PasswordOptions } from './auth/passwords.ts';
import { createPatience, type Patience } from './auth/patience.ts';
import { ABSOLUTE_MS, IDLE_MS } from './auth/refresh.ts';
import { accessTokens } from './auth/tokens.ts';
import type { Bus } from './bus/bus.ts';
import { systemClock, type Clock } from './clock.ts';
import type { Config } from './config.ts';
import { createApp } from './http/app.ts';
import { addressKey, createBudgets, type Budget, type BudgetName, type LimiterFor } from './http/budgets.ts';
import { clientAddress } from './http/client-address.ts';
import type { AppDeps } from './http/deps.ts';
import { openListeners } from './http/listeners.ts';
import { createOrigins, type Origins } from './http/origins.ts';
import type { OnRefused } from './http/same-origin.ts';
import { upgradeTo } from './http/upgrade.ts';
import type { LiveSessions } from './delivery.ts';
import type { Logger } from './log.ts';
import { createMetrics, type Metrics } from './ops/metrics.ts';
import { openPush } from './push/open-push.ts';
import type { Secrets } from './secrets/secrets.ts';
import { createSecurityLog, type SecurityLog } from './security-log.ts';
import { createSignaling, type Signaling } from './signaling/signaling.ts';
import type { Store } from './store/store.ts';
import { systemTimers } from './timers.ts';
import type { ServedCertificates } from './tls/served.ts';
import { createWelcome } from './welcome/welcome.ts';
import { networks } from './variables.ts';

export type ServerOptions = {
  config: Config;
  store: Store;
  secrets: Secrets;
  log: Logger;
  /** What is served on https; undefined with `TLS=off`. */
  tls: ServedCertificates | undefined;
  /** The `.local` name that mDNS answers for now. */
  localName?: () => string | undefined;
  ports: { https: number; http: number };
  version: string;
  /** Where the built app is. */
  appDir: string;
  metrics?: Metrics;
  clock?: Clock;
  /** Further roots that push services are trusted by, as PEM. */
  pushRoots?: string;
  /** Laid over the usual ones. */
  budgets?: Partial<Record<BudgetName, Budget>>;
  /** What connects several processes, and where they count budgets and wrong secrets together. */
  bus?: Bus | undefined;
  limiterFor?: LimiterFor | undefined;
  patience?: Patience | undefined;
  passwords?: PasswordOptions;
};

export type RunningServer = {
  /** Where it listens; https is undefined with `TLS=off`. */
  ports: { https: number | undefined; http: number };
  /** By which origins it is reached now. */
  origins: Origins;
  /** Ends live sessions on behalf of the terminal. */
  live: LiveSessions;
  /** Tells every socket, lets requests finish, and stops listening. The store stays open. */
  drain(): Promise<void>;
};

/** How long a request may take to finish when the server stops, in ms. */
const DRAIN_MS = 5_000;
const LOOPBACK = '127.0.0.1';

/** Puts the parts together and listens. Rejects with a `ListenError` where a port is not to be had. */
export async function startServer(options: ServerOptions): Promise<RunningServer> {
  const { config, tls } = options;
  let ports: RunningServer['ports'] = { https: undefined, http: options.ports.http };
  const names = () => tls?.current().names ?? [];
  const origins = createOrigins({ config, names, localName: options.localName, ports: () => ports });
  const trusted = networks(config.trustedProxies);
  const security = createSecurityLog(options.log);
  const onRefused: OnRefused = (request, outcome) =>
    security.note({ event: 'origin', outcome, address: clientAddress(request, trusted) });
  const { app, signaling } = await assemble(options, { origins, security, onRefused });
  const listeners = await openListeners({
    app,
    upgrade: upgradeTo(
      origins,
      (request, socket, head) => signaling.upgrade(request, socket, head, addressKey(clientAddress(request, trusted))),
      onRefused,
    ),
    tls,
    ports: options.ports,
    ...{ trusted, canonical: () => origins.canonical() },
    address: config.listen ?? (tls === undefined && config.trustedProxies.length === 0 ? LOOPBACK : undefined),
    welcome: createWelcome({
      ...{ origins, name: config.installationName, directory: join(options.appDir, '..', 'welcome') },
      root: () => tls?.current().root,
    }),
  });
  ports = listeners.ports;
  return {
    ports,
    origins,
    live: signaling.live,
    drain: async () => {
      const closed = listeners.close(DRAIN_MS);
      await signaling.drain();
      await closed;
    },
  };
}

type Door = { origins: Origins; security: SecurityLog; onRefused: OnRefused };

async function assemble(
  options: ServerOptions,
  { origins, security, onRefused }: Door,
): Promise<{ app: Express; signaling: Signaling }> {
  const { config, store, secrets, log, clock = systemClock, metrics = createMetrics() } = options;
  const installation = await store.installation();
  const tokens = accessTokens({ key: secrets.accessTokenKey, installation: installation.id, clock });
  const authenticate = createAuthenticate({ store, tokens, clock });
  const shared = { config, store, installation, authenticate, metrics, log, clock };
  const push = await openPush({
    ...{ ...shared, secrets, timers: systemTimers, ca: options.pushRoots },
    sessionMs: { idle: IDLE_MS, absolute: ABSOLUTE_MS },
  });
  const signaling = await createSignaling({
    ...shared,
    push,
    bus: options.bus,
    onUp: up => metrics.bus(up),
    origins: () => origins.all(),
  });
  const deps: AppDeps = {
    ...shared,
    origins,
    security,
    tls: options.tls,
    tokens,
    passwords: createPasswords(options.passwords),
    patience: options.patience ?? createPatience(clock),
    refreshKey: secrets.refreshKey,
    live: signaling.live,
    push,
    budgets: createBudgets(options.budgets, options.limiterFor),
    version: options.version,
    appDir: options.appDir,
  };
  return { app: createApp(deps, origins, onRefused), signaling };
}
