import { join } from 'node:path';
import { readPrivateFile, removeFile, writePrivateFile } from '../secrets/private-file.ts';
import { BackupError } from './backup-error.ts';

/*
 * A restore exchanges the store and some files one after the other. While it does, a file says so; where it dies in
 * between, no server starts until it was run again.
 */
const markIn = (dataDir: string): string => join(dataDir, 'restore.unfinished');
const SENTENCE = 'A restore was begun here and did not finish. Run it again: npm run restore -- FILE';

/** @throws FileError */
export const beginExchange = (dataDir: string): Promise<void> => writePrivateFile(markIn(dataDir), `${SENTENCE}\n`);

export const endExchange = (dataDir: string): Promise<void> => removeFile(markIn(dataDir));

export const isUnfinished = async (dataDir: string): Promise<boolean> =>
  (await readPrivateFile(markIn(dataDir))) !== undefined;

/**
 * For every start of a server.
 * @throws BackupError `unfinished`
 */
export async function expectFinished(dataDir: string): Promise<void> {
  if (await isUnfinished(dataDir)) throw new BackupError('unfinished', SENTENCE);
}
