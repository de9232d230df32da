import { mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { run, said, type Run } from './process.ts';
import { typeCommand } from './type-command.ts';

/** A server in a process of its own, and the commands beside it. */
export class Installation {
  readonly directory: string;
  readonly environment: Record<string, string>;
  #run: Run | undefined;

  /** @param store what `STORE` says */
  static async on(store: string): Promise<Installation> {
    const directory = await mkdtemp(join(tmpdir(), 'parley-installation-'));
    const installation = new Installation(directory, store);
    await installation.remember('seven lanterns on the quay');
    return installation;
  }

  private constructor(directory: string, store: string) {
    this.directory = directory;
    this.environment = {
      DATA_DIR: join(directory, 'data'),
      CERTS_DIR: join(directory, 'certs'),
      STORE: store,
      TLS: 'off',
      HTTP_PORT: '0',
      OPS_LISTEN: '127.0.0.1:0',
      BACKUP_PASSPHRASE_FILE: join(directory, 'passphrase'),
    };
  }

  get file(): string {
    return join(this.directory, 'one.backup');
  }

  /** The passphrase of its backups. */
  remember(passphrase: string): Promise<void> {
    return writeFile(join(this.directory, 'passphrase'), `${passphrase}\n`, { mode: 0o600 });
  }

  /** Starts its server, and answers with its origin. */
  async start(): Promise<string> {
    this.#run = run(this.environment);
    const [, port] = await said(this.#run, /"http":(\d+)\},"opsPort"/);
    return `http://localhost:${port}`;
  }

  async stop(): Promise<void> {
    this.#run?.process.kill('SIGTERM');
    await this.#run?.exit;
  }

  /** How its server ends that does not start. */
  async refuses(): Promise<string> {
    const started = run(this.environment);
    await started.exit;
    return started.output().trim();
  }

  type = (script: 'backup' | 'restore' | 'migrate', ...args: string[]) =>
    typeCommand(this.environment, script, ...args);
}
