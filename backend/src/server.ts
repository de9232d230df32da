import type { Express } from 'express';
import { hkdfSync } from 'node:crypto';
import type { BlockList } from 'node:net';
import { join } from 'node:path';
import { createAuthenticate } from './auth/authenticate.ts';
import { createPasswords, type PasswordOptions } from './auth/passwords.ts';
import { createPatience, type Patience } from './auth/patience.ts';
import { ABSOLUTE_MS, IDLE_MS } from './auth/refresh.ts';
import { accessTokens } from './auth/tokens.ts';
import type { Bus } from './bus/bus.ts';
import { systemClock, type Clock } from './clock.ts';
import { hasOwnRelay, noRelayBecause, type Config } from './config.ts';
import { createApp } from './http/app.ts';
import { createBudgets, type Budget, type BudgetName, type LimiterFor } from './http/budgets.ts';
import { iceServersFor } from './calls/ice-servers.ts';
import { clientAddress } from './http/client-address.ts';
import { originOf } from './http/forwarded.ts';
import { addressKey } from './ip-address.ts';
import type { AppDeps } from './http/deps.ts';
import { ListenError, openListeners } from './http/listeners.ts';
import type { Upgrade } from './http/refuse-upgrade.ts';
import { createOrigins, type Origins } from './http/origins.ts';
import type { OnRefused } from './http/same-origin.ts';
import { upgradeTo } from './http/upgrade.ts';
import { EventHub, type Events } from './events/event-hub.ts';
import { tellChanged } from './keys/keys.ts';
import type { Logger } from './log.ts';
import { createMetrics, type Metrics } from './ops/metrics.ts';
import { openPush } from './push/open-push.ts';
import { Relay } from './relay/relay.ts';
import type { Secrets } from './secrets/secrets.ts';
import { createSecurityLog, type SecurityLog } from './security-log.ts';
import { createSignaling, type Signaling } from './signaling/signaling.ts';
import type { Store } from './store/store.ts';
import { logFailure } from './store/store-error.ts';
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
  /** Where the relay takes UDP; undefined where it does not, or is not there. */
  udpPort: number | undefined;
  /** By which origins it is reached now. */
  origins: Origins;
  /** Where commands of the terminal say what they have done. */
  events: Events;
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
  const metrics = options.metrics ?? createMetrics();
  let isSeated: Signaling['isSeated'] = () => false;
  const relay = openRelay(options, metrics, (device, callId) => isSeated(device, callId));
  const events = new EventHub();
  events.on('call-changed', ({ call }) => void (call.state === 'ended' && relay?.endCall(call.callId)));
  const { app, signaling } = await assemble({ ...options, metrics }, { origins, security, onRefused, relay, events });
  isSeated = signaling.isSeated;
  const listeners = await openListeners({
    app,
    relay: relay && (socket => relay.serve(socket)),
    upgrade: upgradeTo(origins, acceptSockets(signaling, trusted, config.tls === 'off'), onRefused),
    tls,
    ports: options.ports,
    trusted,
    canonical: () => origins.canonical(),
    address: config.listen ?? (tls === undefined && config.trustedProxies.length === 0 ? LOOPBACK : undefined),
    welcome: createWelcome({
      origins,
      name: config.installationName,
      directory: join(options.appDir, '..', 'welcome'),
      root: () => tls?.current().root,
    }),
  });
  ports = listeners.ports;
  const stopSweeping = sweepKeys(options);
  await relayByUdp(relay, config, ports.https);
  return {
    ports,
    udpPort: relay?.udpPort,
    origins,
    events,
    drain: async () => {
      stopSweeping();
      const closed = listeners.close(DRAIN_MS);
      await signaling.drain();
      await Promise.all([closed, relay?.close()]);
    },
  };
}

const acceptSockets =
  (signaling: Signaling, trusted: BlockList, isBehindProxy: boolean): Upgrade =>
  (request, socket, head) => {
    const from = addressKey(clientAddress(request, trusted));
    signaling.upgrade(request, socket, head, { from, origin: originOf(request, trusted, isBehindProxy) });
  };

/** How often what is kept of encryption only for a time is looked through, in ms. */
const SWEEP_MS = 3_600_000;

/** @returns what ends it */
function sweepKeys({ store, log, clock = systemClock }: ServerOptions): () => void {
  const failed = (error: unknown) => logFailure(log, error, 'old requests and keys could not be forgotten');
  return systemTimers.every(SWEEP_MS, () => void store.sweepKeys(clock.now()).catch(failed));
}

/** The relay of this process, where it can have one; its credentials outlive a restart. */
function openRelay(
  { config, secrets, log, clock = systemClock }: ServerOptions,
  metrics: Metrics,
  isSeated: Signaling['isSeated'],
): Relay | undefined {
  if (!hasOwnRelay(config)) {
    const reason = noRelayBecause(config);
    if (config.turnUrls.length === 0) log.warn({ reason }, 'no relay: calls between networks need TURN_URLS');
    return undefined;
  }
  const secret = Buffer.from(hkdfSync('sha256', secrets.accessTokenKey, '', 'parley relay', 32)).toString('base64url');
  return new Relay({ secret, clock, timers: systemTimers, log, metrics, isSeated });
}

async function relayByUdp(
  relay: Relay | undefined,
  { turnPort, listen }: Config,
  https: number | undefined,
): Promise<void> {
  if (relay === undefined || turnPort === 'off' || https === undefined) return;
  try {
    await relay.listen(turnPort ?? https, listen, turnPort !== undefined);
  } catch (error) {
    throw new ListenError(`UDP port ${turnPort} cannot be opened: choose another TURN_PORT, or off.`, { cause: error });
  }
}

type Door = {
  origins: Origins;
  security: SecurityLog;
  onRefused: OnRefused;
  relay: Relay | undefined;
  events: EventHub;
};

async function assemble(
  options: ServerOptions & { metrics: Metrics },
  { origins, security, onRefused, relay, events }: Door,
): Promise<{ app: Express; signaling: Signaling }> {
  const { config, store, secrets, log, clock = systemClock, metrics } = options;
  const installation = await store.installation();
  const tokens = accessTokens({ key: secrets.accessTokenKey, installation: installation.id, clock });
  const authenticate = createAuthenticate({ store, tokens, clock });
  const shared = { config, store, installation, authenticate, metrics, log, clock, events };
  const push = await openPush({
    ...shared,
    secrets,
    timers: systemTimers,
    ca: options.pushRoots,
    sessionMs: { idle: IDLE_MS, absolute: ABSOLUTE_MS },
  });
  events.on('keys-changed', ({ userId }) => void tellChanged(shared, userId));
  const signaling = await createSignaling({
    ...shared,
    guest: token => tokens.verifyGuest(token),
    push,
    bus: options.bus,
    onUp: up => metrics.bus(up),
    origins: () => origins.all(),
    servers: (asker, callId) => iceServersFor(config, relay, asker, callId, clock.now()),
  });
  const deps: AppDeps = {
    ...shared,
    origins,
    relay,
    security,
    tls: options.tls,
    tokens,
    passwords: createPasswords(options.passwords),
    patience: options.patience ?? createPatience(clock),
    refreshKey: secrets.refreshKey,
    declineElsewhere: token => signaling.declineElsewhere(token),
    isSeated: signaling.isSeated,
    guestFinds: signaling.guestFinds,
    door: signaling.door,
    push,
    budgets: createBudgets(options.budgets, options.limiterFor),
    version: options.version,
    appDir: options.appDir,
  };
  return { app: createApp(deps, origins, onRefused), signaling };
}
