import { sqliteCode } from './database.ts';
import { StoreError, type StoreFault } from '../store-error.ts';

/**
 * Primary result codes (https://sqlite.org/rescode.html) that say something of the file, the disk or the machine. All others
 * (a constraint, a value that is too large, a defect) say something of what was asked.
 */
const FAULTS: Readonly<Record<number, StoreFault>> = {
  3: 'not-writable', // SQLITE_PERM
  5: 'locked', // SQLITE_BUSY
  6: 'locked', // SQLITE_LOCKED
  7: 'overloaded', // SQLITE_NOMEM
  8: 'not-writable', // SQLITE_READONLY
  9: 'overloaded', // SQLITE_INTERRUPT
  10: 'not-writable', // SQLITE_IOERR
  11: 'not-a-database', // SQLITE_CORRUPT
  13: 'full', // SQLITE_FULL
  14: 'not-writable', // SQLITE_CANTOPEN
  15: 'locked', // SQLITE_PROTOCOL: others have locked the log again and again
  22: 'full', // SQLITE_NOLFS: the file system takes no larger file
  26: 'not-a-database', // SQLITE_NOTADB
};

/** Which fault an error of `node:sqlite` is; `failed` of any other error. */
export const sqliteFault = (error: unknown): StoreFault =>
  error instanceof StoreError ? error.fault : (FAULTS[(sqliteCode(error) ?? 0) & 0xff] ?? 'failed');

/** What a verb rejects with. */
export const sqliteError = (verb: string, error: unknown): StoreError =>
  error instanceof StoreError
    ? error
    : new StoreError(sqliteFault(error), `${verb}: ${error instanceof Error ? error.message : String(error)}`, {
        cause: error,
      });
