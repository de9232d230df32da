import { stat } from 'node:fs/promises';
import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { inWords } from '../backend/src/backup/census.ts';
import { machineIn } from '../backend/src/backup/machine.ts';
import { expectFinished } from '../backend/src/backup/unfinished.ts';
import { expectFree, writeBackup } from '../backend/src/backup/write-backup.ts';
import type { Config } from '../backend/src/config.ts';
import { OperatorError } from '../backend/src/operator-error.ts';
import { choiceOf, readStore } from '../backend/src/store/open-store.ts';
import { runCommand } from './run-command.ts';
import { askPassphrase, foldersOf, typed } from './whole-store.ts';

const USAGE = `npm run backup [-- FILE] [--overwrite]   one file, encrypted, of everything; the server may run meanwhile
The passphrase is asked, or read from the file that BACKUP_PASSPHRASE_FILE names.`;

async function backup(config: Config, args: string[]): Promise<string[]> {
  const options = { overwrite: { type: 'boolean', default: false } } as const;
  const { values, positionals } = typed(() => parseArgs({ args, options, allowPositionals: true }), USAGE);
  const [file = `parley-${new Date().toISOString().slice(0, 10)}.backup`, ...more] = positionals;
  if (more.length > 0) throw new OperatorError(USAGE);
  const path = resolve(file);
  if (!values.overwrite) await expectFree(path);
  await expectFinished(config.dataDir);
  const machine = await machineIn(foldersOf(config), Date.now());
  const reading = await readStore(choiceOf(config.store, config.dataDir));
  try {
    const passphrase = await askPassphrase(config, true);
    const census = await writeBackup({ reading, machine, passphrase, path });
    const { size } = await stat(path);
    return [
      `${path} (${(size / 1e6).toFixed(1)} MB): ${inWords(census)}.`,
      'Keep it elsewhere, and its passphrase elsewhere again: nobody can open it without.',
    ];
  } finally {
    await reading.close();
  }
}

await runCommand(backup);
