import { join } from 'node:path';
import type { Folders } from '../backend/src/backup/machine.ts';
import { passphrase } from '../backend/src/backup/passphrase.ts';
import type { Config } from '../backend/src/config.ts';
import { OperatorError } from '../backend/src/operator-error.ts';

/** `parseArgs` throws at what it does not know; whoever typed that is told how the command is used. */
export function typed<T>(parse: () => T, usage: string): T {
  try {
    return parse();
  } catch {
    throw new OperatorError(usage);
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
