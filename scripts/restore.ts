import { parseArgs } from 'node:util';
import { inWords } from '../backend/src/backup/census.ts';
import { openBackup } from '../backend/src/backup/read-backup.ts';
import { checkBackup, restoreBackup } from '../backend/src/backup/restore-backup.ts';
import { expectStopped } from '../backend/src/backup/stopped.ts';
import { systemClock as clock } from '../backend/src/clock.ts';
import type { Config } from '../backend/src/config.ts';
import { OperatorError } from '../backend/src/operator-error.ts';
import { choiceOf, fillStore } from '../backend/src/store/open-store.ts';
import { StoreError } from '../backend/src/store/store-error.ts';
import { runCommand } from './run-command.ts';
import { askPassphrase, foldersOf, typed } from './whole-store.ts';

const USAGE = `npm run restore -- FILE              puts a backup into the store of STORE, while no server runs on it
npm run restore -- FILE --replace    … in the place of the accounts that are there
npm run restore -- FILE --sign-out   … and everybody signs in again, as after a theft
npm run restore -- FILE --check      reads it whole and changes nothing`;

const flag = { type: 'boolean', default: false } as const;

async function restore(config: Config, args: string[]): Promise<string[]> {
  const options = { replace: flag, 'sign-out': flag, check: flag };
  const { values, positionals } = typed(() => parseArgs({ args, options, allowPositionals: true }), USAGE);
  const [file, ...more] = positionals;
  if (file === undefined || more.length > 0) throw new OperatorError(USAGE);
  if (!values.check) await expectStopped(config.dataDir);
  const backup = await openBackup(file, await askPassphrase(config, false));
  const madeAt = new Date(backup.machine.madeAt).toISOString();
  if (values.check) return [`A good backup of ${madeAt}: ${inWords(await checkBackup(backup))}.`];
  const census = await restoreBackup({
    backup,
    clock,
    folders: foldersOf(config),
    replace: values.replace,
    signOut: values['sign-out'],
    fill: how => fillStore(choiceOf(config.store, config.dataDir), how, clock),
  }).catch(explained);
  return [
    `Everything is as it was ${madeAt}: ${inWords(census)}.`,
    'Start Parley: the apps find the rest by themselves.',
  ];
}

function explained(error: unknown): never {
  if (!(error instanceof StoreError) || error.fault !== 'not-empty') throw error;
  throw new OperatorError(`${error.message} Say --replace to put the backup in their place; nothing was changed.`);
}

await runCommand(restore);
