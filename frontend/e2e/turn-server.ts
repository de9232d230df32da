import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { networkInterfaces, tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePort } from '../../backend/src/testing/free-port.ts';
import { whereIs } from '../../scripts/tools.mjs';

/** Shared with the installation, which makes time-limited credentials of it. */
const SECRET = 'a secret of two servers';

/** A real coturn at this machine's own address, because browsers never send from another one to loopback. */
export class TurnServer {
  readonly url: string;
  private readonly child: ChildProcess;
  private readonly directory: string;

  private constructor(url: string, child: ChildProcess, directory: string) {
    this.url = url;
    this.child = child;
    this.directory = directory;
  }

  static async start(): Promise<TurnServer> {
    const [address, port] = [ownAddress(), await freePort()];
    const directory = await mkdtemp(join(tmpdir(), 'parley-turn-'));
    const child = spawn(whereIs('coturn') ?? '', optionsOf(address, port, directory), { stdio: 'ignore' });
    await once(child, 'spawn');
    return new TurnServer(`turn:${address}:${port}?transport=udp`, child, directory);
  }

  /** What the installation must know of it. */
  get settings(): Record<string, string> {
    return { TURN_URLS: this.url, TURN_SECRET: SECRET };
  }

  async dispose(): Promise<void> {
    const exited = once(this.child, 'exit');
    this.child.kill('SIGKILL');
    await exited;
    await rm(this.directory, { recursive: true, force: true });
  }
}

/** This machine's own IPv4 address; loopback where it has no other. */
export function ownAddress(): string {
  const all = Object.values(networkInterfaces()).flatMap(addresses => addresses ?? []);
  return all.find(({ family, internal }) => family === 'IPv4' && !internal)?.address ?? '127.0.0.1';
}

const optionsOf = (address: string, port: number, directory: string): string[] => [
  ...['-n', '--no-cli', '--log-file', 'stdout', '--no-tls', '--no-dtls', '--fingerprint'],
  ...['--listening-ip', address, '--relay-ip', address, '--listening-port', String(port)],
  ...['--realm', 'parley.test', '--use-auth-secret', '--static-auth-secret', SECRET],
  ...['--no-multicast-peers', '--allow-loopback-peers'],
  ...['--userdb', join(directory, 'turn.sqlite'), '--pidfile', join(directory, 'turn.pid')],
];
