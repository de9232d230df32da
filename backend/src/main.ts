import { readFile } from 'node:fs/promises';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { collectDefaultMetrics } from 'prom-client';
import { processConfig, type Config } from './config.ts';
import { close, ListenError, listen, plainServer } from './http/listeners.ts';
import { createLog, type Logger } from './log.ts';
import { createMetrics } from './ops/metrics.ts';
import { opsApp } from './ops/ops-app.ts';
import { openPorts, PortError } from './ports/recorded-ports.ts';
import { FileError } from './secrets/private-file.ts';
import { openSecrets, SecretError } from './secrets/secrets.ts';
import { startServer, type RunningServer } from './server.ts';
import { openSqliteStore } from './store/sqlite-store.ts';
import { StoreError } from './store/store-error.ts';
import { CertificateError } from './tls/certificate-error.ts';
import { earliestClock, openCertificates, type Certificates } from './tls/certificates.ts';
import { readAddresses } from './tls/interfaces.ts';
import { describeLeftOut } from './tls/leaf-names.ts';
import { openOwnCertificate } from './tls/own-certificate.ts';
import { unchanging } from './tls/served.ts';

const ROOT = join(import.meta.dirname, '..', '..');

/** What is wrong at a start, in sentences; anything else that is thrown is a defect and keeps its stack. */
class StartError extends Error {}
const EXPECTED = [StartError, ListenError, PortError, FileError, SecretError, StoreError, CertificateError];

async function start(): Promise<void> {
  const read = processConfig();
  if (!read.ok) throw new StartError(read.error.join('\n'));
  const config = read.value;
  const log = createLog(config.logLevel);
  const metrics = createMetrics();
  collectDefaultMetrics({ register: metrics.registry });

  const secrets = await openSecrets(join(config.dataDir, 'secrets'));
  const tls = config.tls === 'on' ? unchanging(await certificates(config, log)) : undefined;
  const ports = await openPorts({
    dataDirectory: config.dataDir,
    configured: { https: config.httpsPort, http: config.httpPort },
    address: config.listen,
  });
  const store = await openSqliteStore(config.dataDir);
  const version = await appVersion();
  const appDir = join(ROOT, 'dist', 'app');
  const server = await startServer({ config, store, secrets, log, tls, ports, version, metrics, appDir });
  const ops = plainServer(opsApp({ metrics, ready: () => store.state === 'open' }));
  const opsPort = await listenOps(ops, config);
  announce(server);
  log.info({ ports: server.ports, opsPort, version }, 'listening');

  endOnSignal(async () => {
    log.info('draining');
    await close(ops, 0);
    await server.drain();
    await store.close();
    log.info('stopped');
  });
}

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

async function certificates(config: Config, log: Logger): Promise<Certificates> {
  const now = Date.now();
  const { tlsCert, tlsKey, certsDir: directory, hosts } = config;
  if (tlsCert !== undefined && tlsKey !== undefined) return openOwnCertificate({ cert: tlsCert, key: tlsKey }, now);
  const addresses = await readAddresses();
  const opened = await openCertificates({
    ...{ directory, hosts, addresses, now },
    hostName: hostname(),
    notBefore: earliestClock,
  });
  const leftOut = describeLeftOut(opened.leftOut);
  if (leftOut !== undefined) log.info(leftOut);
  if (opened.kept !== undefined) log.warn(opened.kept);
  if (opened.issued !== undefined) log.info({ reason: opened.issued }, 'certificate issued');
  return opened;
}

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

async function appVersion(): Promise<string> {
  const manifest: unknown = JSON.parse(await readFile(join(ROOT, 'package.json'), 'utf8'));
  const isNamed = typeof manifest === 'object' && manifest !== null && 'version' in manifest;
  return isNamed ? String(manifest.version) : 'unknown';
}

function announce({ ports, origins }: RunningServer): void {
  console.log(`Parley is at http://localhost:${ports.http} on this machine`);
  const others = origins.reachable();
  if (others.length > 0) console.log(['and for others at', ...others].join('\n  '));
  else console.log('This machine has no address that others could use; HOSTS names one.');
}

function failed(error: unknown): void {
  const expected = error instanceof Error && EXPECTED.some(kind => error instanceof kind);
  console.error(expected ? error.message : error);
  process.exit(1);
}

start().catch(failed);
