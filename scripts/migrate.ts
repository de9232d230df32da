import { inWords } from '../backend/src/backup/census.ts';
import { moveStore } from '../backend/src/backup/move-store.ts';
import { expectStopped } from '../backend/src/backup/stopped.ts';
import { expectFinished } from '../backend/src/backup/unfinished.ts';
import type { Config } from '../backend/src/config.ts';
import { OperatorError } from '../backend/src/operator-error.ts';
import { choiceOf, fillStore, readStore } from '../backend/src/store/open-store.ts';
import { runCommand } from './run-command.ts';

const USAGE = `MIGRATE_TO=… npm run migrate   moves what the store of STORE holds to that of MIGRATE_TO, which must be empty
Both are what STORE may say: sqlite, or mongodb://user:password@host/parley.`;

async function migrate({ dataDir, store, migrateTo }: Config, args: string[]): Promise<string[]> {
  if (args.length > 0 || migrateTo === undefined) throw new OperatorError(USAGE);
  if (migrateTo === store) throw new OperatorError('STORE and MIGRATE_TO are the same.');
  await expectStopped(dataDir);
  await expectFinished(dataDir);
  const there = choiceOf(migrateTo, dataDir);
  const from = await readStore(choiceOf(store, dataDir));
  try {
    const fill = () => fillStore(there, { replace: false });
    const census = await moveStore({ from, fill, readBack: () => readStore(there) });
    return [
      `Moved and compared: ${inWords(census)}.`,
      'Start Parley with STORE as MIGRATE_TO was. What STORE held is still there, and out of date from now on.',
    ];
  } finally {
    await from.close();
  }
}

await runCommand(migrate);
