import { stat } from 'node:fs/promises';
import { writePrivateFile } from '../secrets/private-file.ts';
import { StoreError } from '../store/store-error.ts';
import type { Reading } from '../store/transfer.ts';
import { BackupError } from './backup-error.ts';
import { Counting, type Census } from './census.ts';
import { toLines } from './lines.ts';
import { readEntry, type Machine } from './record.ts';
import { sealed } from './sealed-stream.ts';
import type { Cost } from './header.ts';

export type BackupOptions = {
  /** Stays open. */
  reading: Reading;
  machine: Machine;
  passphrase: string;
  path: string;
  cost?: Cost;
};

/** @throws BackupError `exists` where there is a file of this name */
export async function expectFree(path: string): Promise<void> {
  const isThere = await stat(path).then(
    () => true,
    () => false,
  );
  if (isThere) throw new BackupError('exists', `${path} is there. Name another file, or say --overwrite.`);
}

/** How often it is begun where accounts are deleted while it is read. */
const ATTEMPTS = 5;

/**
 * Writes a backup as a whole or not at all, for its owner alone, in the place of a file of this name.
 * @throws FileError, StoreError; BackupError `malformed` of what no restore would take
 */
export async function writeBackup(options: BackupOptions): Promise<Census> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await writeOnce(options);
    } catch (error) {
      const isToBeReadAnew = error instanceof StoreError && error.fault === 'changed';
      if (!isToBeReadAnew || attempt === ATTEMPTS) throw error;
    }
  }
}

async function writeOnce({ reading, machine, passphrase, path, cost }: BackupOptions): Promise<Census> {
  const counting = new Counting();
  const lines = async function* () {
    yield machine;
    for await (const kept of reading.everything()) {
      // Read as it will be read: what no restore would take must fail now and not then.
      const entry = readEntry(kept);
      counting.add(entry);
      yield entry;
    }
  };
  await writePrivateFile(path, sealed(toLines(lines()), passphrase, cost));
  return counting.census;
}
