import { readFile } from 'node:fs/promises';
import { isIP } from 'node:net';
import { networkInterfaces } from 'node:os';
import { join } from 'node:path';
import { collectDefaultMetrics } from 'prom-client';
import { expectFinished } from './backup/unfinished.ts';
import type { Bus } from './bus/bus.ts';
import { processConfig, type Config } from './config.ts';
import { systemClock as clock } from './clock.ts';
import { close, listen, plainServer } from './http/listeners.ts';
import { LocalName } from './lan/local-name.ts';
import { createLog, type Logger } from './log.ts';
import { OperatorError, printable } from './operator-error.ts';
import { createMetrics, type Metrics } from './ops/metrics.ts';
import { opsApp } from './ops/ops-app.ts';
import { linkOrigins } from './http/origins.ts';
import { openPorts } from './ports/recorded-ports.ts';
import { pinSecrets } from './secrets/fingerprints.ts';
import { openSecrets, type Secrets } from './secrets/secrets.ts';
import { createSecurityLog } from './security-log.ts';
import { startServer, type RunningServer, type ServerOptions } from './server.ts';
import { choiceOf, openStore } from './store/open-store.ts';
import type { Store } from './store/store.ts';
import { systemTimers } from './timers.ts';
import { controlPath, openControl } from './terminal/control-socket.ts';
import { perform } from './terminal/perform.ts';
import { setUpWords } from './terminal/set-up-link.ts';
import { openCertificates, type PublicRoot } from './tls/certificates.ts';
import { containerWarning } from './tls/container.ts';
import { openOwnCertificate } from './tls/own-certificate.ts';
import { thisMachine } from './tls/this-machine.ts';
import { watchCertificates, type WatchedCertificates } from './tls/watch.ts';
import { isInRange } from './version-range.mjs';
import { whereToBegin } from './welcome/where-to-begin.ts';

const ROOT = join(import.meta.dirname, '..', '..');

/** How often the event loop is looked at, in ms. By the default of 10 an idle server wakes up a hundred times a second. */
const LOOP_MS = 100;

async function start(): Promise<void> {
  const version = await versionOnThisNode();
  const read = processConfig();
  if (!read.ok) throw new OperatorError(read.error.join('\n'));
  const config = read.value;
  const log = createLog(config.logLevel);
  const metrics = createMetrics();
  collectDefaultMetrics({ register: metrics.registry, eventLoopMonitoringPrecision: LOOP_MS });

  const secrets = await readSecrets(config);
  const tls = await servedCertificates(config, log);
  const localName = openLocalName(config, tls, log);
  const ports = await openPorts({
    dataDirectory: config.dataDir,
    configured: { https: tls ? config.httpsPort : 0, http: config.httpPort },
    address: config.listen,
  });
  const { store, bus, ...counted } = await openEngines(config, secrets, log);
  const server = await startServer({
    ...counted,
    config,
    store,
    bus,
    secrets,
    log,
    tls,
    ports,
    version,
    metrics,
    appDir: config.appDir ?? join(ROOT, 'dist', 'app'),
    localName: () => localName?.current(),
  });
  const { ops, opsPort } = await openOps(metrics, config, store, bus);
  await localName?.settled;
  announce(server, tls?.current().root);
  const control = await openTerminal(server, { config, store, secrets, log, tls });
  tls?.onChange(() => log.info({ origins: server.origins.reachable() }, 'reached at'));
  endOnSignal(async () => {
    log.info('draining');
    tls?.stop();
    await localName?.stop();
    await control.close();
    await close(ops, 0);
    await server.drain();
    await Promise.all([bus?.close(), store.close()]);
    log.info('stopped');
  });
  // Last: a process that reads this line may send SIGTERM at once.
  log.info({ ports: server.ports, opsPort, version }, 'listening');
}

type Administered = Pick<ServerOptions, 'store' | 'secrets' | 'log'> & {
  config: Config;
  tls: WatchedCertificates | undefined;
};

/** Hears the commands of this machine, and prints the link that makes the first admin while there is none. */
async function openTerminal(server: RunningServer, { config, store, secrets, log, tls }: Administered) {
  const administered = { store, events: server.events, clock, refreshKey: secrets.refreshKey };
  const links = { ...linksOf(server, tls), security: createSecurityLog(log) };
  const control = await openControl({
    path: controlPath(config.dataDir),
    run: command => perform({ ...administered, ...links, signUp: config.signUp }, command),
    log,
  });
  const setUp = await setUpWords(administered, `http://localhost:${server.ports.http}`, server.origins.reachable()[0]);
  if (setUp !== undefined) console.log(setUp);
  return control;
}

async function openOps(metrics: Metrics, config: Config, store: Store, bus: Bus | undefined) {
  const { opsHosts: hosts } = config;
  const ops = plainServer(opsApp({ metrics, hosts, missing: () => missing(store), weak: () => weak(bus) }));
  return { ops, opsPort: await listenOps(ops, config) };
}

/** What keeps this process from serving, in words; undefined where nothing does. */
const missing = ({ state }: Store): string | undefined => (state === 'open' ? undefined : `the store is ${state}`);

/** What a restore has left half is not to be made whole by new secrets. */
async function readSecrets({ secretsDir, dataDir }: Config): Promise<Secrets> {
  await expectFinished(dataDir);
  return openSecrets(secretsDir ?? join(dataDir, 'secrets'), secretsDir !== undefined);
}

type Engines = { store: Store; bus?: Bus } & Pick<ServerOptions, 'limiterFor' | 'patience'>;

/** What everything is kept in, and what connects this process with others, if there are any: they have the same secrets. */
async function openEngines(config: Config, secrets: Secrets, log: Logger): Promise<Engines> {
  const store = await openStore(choiceOf(config.store, config.dataDir), log);
  if (config.secretsDir !== undefined) await pinSecrets(secrets, (name, value) => store.pin(name, value));
  if (config.bus === undefined) return { store };
  // Loaded where it is wanted, as the driver of a store is.
  const { openRedisBus } = await import('./bus/redis-bus.ts');
  const { redisLimiter } = await import('./bus/redis-budgets.ts');
  const { redisPatience } = await import('./bus/redis-patience.ts');
  const bus = await openRedisBus(config.bus, log);
  return { store, bus, limiterFor: redisLimiter(bus.speaker), patience: redisPatience(bus.speaker) };
}

/** What does not work meanwhile, though this process serves. */
const weak = (bus: Bus | undefined): string | undefined =>
  bus === undefined || bus.up ? undefined : 'the bus is gone: new calls wait';

/** The first signal lets everything end in order, the second ends at once. */
function endOnSignal(stop: () => Promise<void>): void {
  let stopping = false;
  const onSignal = () => {
    if (stopping) process.exit(1);
    stopping = true;
    stop().then(() => process.exit(0), failed);
  };
  process.on('SIGTERM', onSignal).on('SIGINT', onSignal);
}

/** What TLS is spoken with, kept as it ought to be while the server runs; undefined where a proxy speaks it. */
async function servedCertificates(config: Config, log: Logger): Promise<WatchedCertificates | undefined> {
  const { tls, tlsCert: cert, tlsKey: key } = config;
  if (tls === 'off') return undefined;
  const isOwn = cert !== undefined && key !== undefined;
  const warning = isOwn ? undefined : await containerWarning(config.hosts, config.publicOrigin);
  if (warning !== undefined) log.warn(warning);
  const open = isOwn
    ? () => openOwnCertificate({ cert, key }, Date.now())
    : async (isStart: boolean) => openCertificates({ ...(await thisMachine(config)), mayMakeRoot: isStart });
  return watchCertificates({ open, log, timers: systemTimers });
}

/** The name of the root by mDNS, for the addresses the certificate names and this process listens on. */
function openLocalName(config: Config, tls: WatchedCertificates | undefined, log: Logger): LocalName | undefined {
  if (tls === undefined || config.mdns === 'off') return undefined;
  const wanted = () => {
    const { root, names } = tls.current();
    const heard = names.filter(name => isListening(name, config.listen));
    return root && { name: root.localName, addresses: heard };
  };
  const localName = new LocalName({ wanted, interfaces: networkInterfaces, log, timers: systemTimers });
  tls.onChange(() => localName.look());
  return localName;
}

const isListening = (address: string, listen: string | undefined): boolean =>
  listen === undefined || listen === address || listen === '::' || (listen === '0.0.0.0' && isIP(address) === 4);

const OPS_PORT = 9464;
/** The usual port may be somebody else's; one that was asked for may not. */
async function listenOps(ops: ReturnType<typeof plainServer>, { opsListen }: Config): Promise<number> {
  try {
    return await listen(ops, opsListen.port, opsListen.address);
  } catch (error) {
    if (opsListen.port !== OPS_PORT) throw error;
    return listen(ops, 0, opsListen.address);
  }
}

/**
 * The version of this installation. package.json is a file of our own, so a broken one is a fault.
 * @throws OperatorError on a Node outside of its `engines`
 */
async function versionOnThisNode(): Promise<string> {
  const { version, engines } = JSON.parse(await readFile(join(ROOT, 'package.json'), 'utf8')) as {
    version: string;
    engines: { node: string };
  };
  if (isInRange(process.versions.node, engines.node)) return version;
  throw new OperatorError(
    `Parley needs Node ${engines.node}; this is ${process.version}, which lacks published security fixes or is too old.`,
  );
}

/** Where links lead, and where a device begins that has to trust the root first. */
const linksOf = ({ origins }: RunningServer, tls: WatchedCertificates | undefined) => ({
  origins: () => linkOrigins(origins),
  welcome: () => tls?.current().root && origins.welcome(),
});

function announce({ origins, ports, udpPort }: RunningServer, root: PublicRoot | undefined): void {
  const [reachable, welcome] = [origins.reachable(), origins.welcome()];
  const router = { tcp: ports.https, udp: udpPort };
  console.log(whereToBegin({ reachable, welcome, httpPort: ports.http, root, router }).join('\n'));
}

function failed(error: unknown): void {
  console.error(printable(error));
  process.exit(1);
}

start().catch(failed);
