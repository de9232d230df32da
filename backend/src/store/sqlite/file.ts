import { randomUUID } from 'node:crypto';
import { closeSync, existsSync, mkdirSync, openSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { expectCurrent, migrate } from './migrations.ts';
import { Database } from './database.ts';
import { sqliteFault } from './faults.ts';
import { StoreError } from '../store-error.ts';

/** What the writing thread opens; `now` is ms since the epoch. */
export type WriterFile = { path: string; now: number };

/**
 * Opens the database for the one connection that writes, makes what is missing and brings the tables up to date.
 * @throws StoreError `not-writable`, `not-a-database`, `newer-database` or `locked`.
 */
export function openWritable({ path, now }: WriterFile): Database {
  return explained(path, () => {
    const db = new Database(path, { timeoutMs: 2_000 });
    try {
      // FULL syncs the log at each commit; NORMAL would lose acknowledged writes with the power (pragma_synchronous).
      db.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON');
      migrate(db);
      db.run`INSERT INTO installation (one, id, epoch, createdAt) VALUES (1, ${randomUUID()}, ${randomUUID()}, ${now})
        ON CONFLICT DO NOTHING`;
      return db;
    } catch (error) {
      db.close();
      throw error;
    }
  });
}

/** Opens the database for reading; what is committed before a read is seen by it. */
export const openReadable = (path: string): Database =>
  explained(path, () => new Database(path, { readOnly: true, timeoutMs: 2_000 }));

/**
 * Opens the database as it is at this moment, beside a server that goes on writing; what comes later is not seen.
 * @throws StoreError `empty`, `not-a-database`, `newer-database` or `older-database`
 */
export function openBeside(path: string): Database {
  if (!existsSync(path)) throw new StoreError('empty', `${path} is not there: nothing was ever kept.`);
  return explained(path, () => {
    // Not `readOnly`: without the server's files beside it a log cannot be read.
    const db = new Database(path, { timeoutMs: 2_000 });
    try {
      db.exec('PRAGMA query_only = ON; BEGIN');
      expectCurrent(db);
      return db;
    } catch (error) {
      db.close();
      throw error;
    }
  });
}

/** Makes the folder and an empty file in it that nobody else may read; what is there already is left alone. */
export function makePrivate(directory: string, path: string): void {
  explained(directory, () => {
    makeFolder(resolve(directory));
    try {
      // Exclusive, so that a file which is there is never opened and closed: that would drop SQLite's own locks on it
      // (https://sqlite.org/howtocorrupt.html, 2.2).
      closeSync(openSync(path, 'wx', 0o600));
    } catch (error) {
      if (systemCode(error) !== 'EEXIST') throw error;
    }
  });
}

/** With its parents. Not by `recursive`, which never returns where the kernel answers ENOENT, as below /proc. */
function makeFolder(directory: string): void {
  if (existsSync(directory)) return;
  makeFolder(dirname(directory));
  mkdirSync(directory, { mode: 0o700 });
}

/**
 * Keeps every other process out of the data folder until the answer is called, or until this process ends in whatever
 * way: the lock is the kernel's, on a file of its own.
 * @throws StoreError `locked` where another one holds it.
 */
export function lock(path: string): () => void {
  return explained(path, () => {
    const db = new Database(path);
    try {
      db.exec('BEGIN EXCLUSIVE');
    } catch (error) {
      db.close();
      throw error;
    }
    return () => db.close();
  });
}

const systemCode = (error: unknown): string | null =>
  error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : null;

/** Does what `action` does, and says in a sentence which file it was about when that fails. */
export function explained<T>(path: string, action: () => T): T {
  try {
    return action();
  } catch (error) {
    if (error instanceof StoreError) throw error;
    const cause = { cause: error };
    switch (sqliteFault(error)) {
      case 'locked':
        throw new StoreError(
          'locked',
          `Another Parley is running on ${path}. Stop it, or choose another DATA_DIR.`,
          cause,
        );
      case 'full':
        throw new StoreError('full', `${path} cannot be written: its disk is full.`, cause);
      case 'not-a-database':
        throw new StoreError('not-a-database', `${path} is damaged or not a database.`, cause);
      default:
        throw new StoreError('not-writable', `${path} cannot be written: ${reason(error)}.`, cause);
    }
  }
}

const reason = (error: unknown): string => (error instanceof Error ? error.message : String(error));
