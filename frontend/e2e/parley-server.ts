import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { freePort } from '../../backend/src/testing/free-port.ts';

const MAIN = fileURLToPath(new URL('../../backend/src/main.ts', import.meta.url));

/** A real server with a data directory of its own, on ports of its own, that can be killed and started again. */
export class ParleyServer {
  readonly directory: string;
  readonly httpPort: number;
  readonly httpsPort: number;
  /** Everything it has printed, for a failing spec to show. */
  output = '';
  private child: ChildProcess | null = null;
  private readonly settings: Record<string, string>;

  private constructor(directory: string, ports: [number, number], settings: Record<string, string>) {
    this.directory = directory;
    [this.httpPort, this.httpsPort] = ports;
    this.settings = settings;
  }

  /**
   * @param settings environment variables beyond the folders and ports
   * @returns once it listens
   */
  static async start(settings: Record<string, string> = {}): Promise<ParleyServer> {
    const directory = await mkdtemp(join(tmpdir(), 'parley-e2e-'));
    const server = new ParleyServer(directory, [await freePort(), await freePort()], settings);
    await server.start();
    return server;
  }

  /** This machine's own address: a secure context without a certificate. */
  get origin(): string {
    return `http://localhost:${this.httpPort}`;
  }

  get httpsOrigin(): string {
    return `https://localhost:${this.httpsPort}`;
  }

  /** The root certificate that a browser must trust to open `httpsOrigin`. */
  get rootCertificate(): string {
    return join(this.directory, 'certs', 'root.pem');
  }

  get pid(): number {
    const pid = this.child?.pid;
    if (pid === undefined) throw new Error('the server does not run');
    return pid;
  }

  async start(): Promise<void> {
    const child = spawn(process.execPath, [MAIN], {
      env: {
        ...process.env,
        DATA_DIR: join(this.directory, 'data'),
        CERTS_DIR: join(this.directory, 'certs'),
        HTTP_PORT: String(this.httpPort),
        HTTPS_PORT: String(this.httpsPort),
        OPS_LISTEN: '127.0.0.1:0',
        SIGN_UP: 'open',
        MDNS: 'off',
        ...this.settings,
      },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    this.child = child;
    child.stdout.on('data', (chunk: Buffer) => (this.output += chunk.toString()));
    child.stderr.on('data', (chunk: Buffer) => (this.output += chunk.toString()));
    await this.answers(child);
  }

  /** @param signal SIGKILL is a crash, SIGTERM a deploy */
  async stop(signal: 'SIGTERM' | 'SIGKILL' = 'SIGTERM'): Promise<void> {
    const child = this.child;
    this.child = null;
    if (!child || child.exitCode !== null) return;
    const exited = once(child, 'exit');
    child.kill(signal);
    await exited;
  }

  async restart(signal: 'SIGTERM' | 'SIGKILL' = 'SIGTERM'): Promise<void> {
    await this.stop(signal);
    await this.start();
  }

  async dispose(): Promise<void> {
    await this.stop('SIGKILL');
    await rm(this.directory, { recursive: true, force: true });
  }

  private async answers(child: ChildProcess): Promise<void> {
    const end = Date.now() + 60_000;
    while (Date.now() < end) {
      if (child.exitCode !== null) throw new Error(`the server stopped at its start:\n${this.output}`);
      const answer = await fetch(`${this.origin}/api/installation`).catch(() => null);
      if (answer?.ok) return;
      await new Promise(resolve => setTimeout(resolve, 100));
    }
    throw new Error(`the server does not answer:\n${this.output}`);
  }
}
