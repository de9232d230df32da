import { join } from 'node:path';
import { BackupError } from '../backend/src/backup/backup-error.ts';
import type { Folders } from '../backend/src/backup/machine.ts';
import { passphrase } from '../backend/src/backup/passphrase.ts';
import { processConfig, type Config } from '../backend/src/config.ts';
import { PortError } from '../backend/src/ports/recorded-ports.ts';
import { FileError } from '../backend/src/secrets/private-file.ts';
import { SecretError } from '../backend/src/secrets/secrets.ts';
import { StoreError } from '../backend/src/store/store-error.ts';
import { CertificateError } from '../backend/src/tls/certificate-error.ts';

/** What cannot be done, in a sentence. */
export class Refusal extends Error {}

const EXPECTED = [Refusal, BackupError, StoreError, FileError, SecretError, PortError, CertificateError];

/** A command about the store as a whole: says what came of it, and ends with 1 where nothing did. */
export async function aboutWholeStore(run: (config: Config, args: string[]) => Promise<string[]>): Promise<void> {
  try {
    const config = processConfig();
    if (!config.ok) throw new Refusal(config.error.join('\n'));
    for (const line of await run(config.value, process.argv.slice(2))) console.log(line);
  } catch (error) {
    const isExpected = error instanceof Error && EXPECTED.some(kind => error instanceof kind);
    console.error(isExpected ? error.message : error);
    process.exitCode = 1;
  }
}

/** `parseArgs` throws at what it does not know; whoever typed that is told how the command is used. */
export function typed<T>(parse: () => T, usage: string): T {
  try {
    return parse();
  } catch {
    throw new Refusal(usage);
  }
}

export const foldersOf = ({ dataDir, secretsDir, certsDir }: Config): Folders => ({
  dataDir,
  secretsDir: secretsDir ?? join(dataDir, 'secrets'),
  certsDir,
});

/** The passphrase from where it is kept, or from who sits there. */
export const askPassphrase = ({ backupPassphraseFile: file }: Config, isNew: boolean): Promise<string> =>
  passphrase({ file, isNew, input: process.stdin, output: process.stdout });
