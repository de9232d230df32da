import { controlPath, isServerAt } from '../terminal/control-socket.ts';
import { BackupError } from './backup-error.ts';

/**
 * What takes a store's place must meet nobody there. A SQLite store is locked besides.
 * @throws BackupError `running`
 */
export async function expectStopped(dataDir: string): Promise<void> {
  if (!(await isServerAt(controlPath(dataDir)))) return;
  throw new BackupError('running', `A server runs on ${dataDir}. Stop it first, and all others on the same store.`);
}
