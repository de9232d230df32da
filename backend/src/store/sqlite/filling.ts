import { randomUUID } from 'node:crypto';
import { closeSync, existsSync, fsyncSync, openSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type { Clock } from '../../clock.ts';
import { ended, type Run } from '../conversation-run.ts';
import { KeptOrder } from '../kept-order.ts';
import { isRefused, type Database } from './database.ts';
import { explained, lock, makePrivate, openWritable } from './file.ts';
import { insertKept } from './kept.ts';
import { LOCK_FILE, STORE_FILE } from './sqlite-store.ts';
import { StoreError } from '../store-error.ts';
import type { Filling, FillOptions, Kept } from '../transfer.ts';

/** The file that is being filled, until it takes the other's place. */
const FILLING_FILE = 'parley.sqlite.filling';

/**
 * S52. Fills a file beside the database, which then takes its place by one rename.
 * @throws StoreError `locked` where a server runs on it, `not-empty`, `not-writable`; without `replace` also where what
 *   is there cannot be read
 */
export function fillSqlite(directory: string, { replace }: FillOptions, clock: Clock): Filling {
  const [path, filling] = [join(directory, STORE_FILE), join(directory, FILLING_FILE)];
  makePrivate(directory, join(directory, LOCK_FILE));
  const unlock = lock(join(directory, LOCK_FILE));
  try {
    look(path, replace, clock.now());
    remove(filling);
    makePrivate(directory, filling);
    return new SqliteFilling(openWritable({ path: filling, now: clock.now() }), { filling, path, directory }, unlock);
  } catch (error) {
    unlock();
    throw error;
  }
}

/** Opening folds what a crash has left beside the file into it, so that nothing of it is applied to what comes in its place. */
function look(path: string, replace: boolean, now: number): void {
  if (!existsSync(path)) return;
  let isEmpty = true;
  try {
    const db = openWritable({ path, now });
    isEmpty = !db.has`SELECT 1 FROM user`;
    db.close();
  } catch (error) {
    // Damaged, or of another version: that may be why it is to be replaced.
    if (!replace) throw error;
  }
  if (!isEmpty && !replace) throw new StoreError('not-empty', `There are accounts in ${path}.`);
}

/** SQLite's own files beside a database: they must never meet another one. */
function removeBeside(path: string): void {
  for (const end of ['-wal', '-shm', '-journal']) rmSync(path + end, { force: true });
}

function remove(path: string): void {
  removeBeside(path);
  rmSync(path, { force: true });
}

type Places = { filling: string; path: string; directory: string };

class SqliteFilling implements Filling {
  readonly #db: Database;
  readonly #places: Places;
  readonly #unlock: () => void;
  readonly #order = new KeptOrder();
  #state: 'filling' | 'finished' | 'closed' = 'filling';

  constructor(db: Database, places: Places, unlock: () => void) {
    this.#db = db;
    this.#places = places;
    this.#unlock = unlock;
    // Nobody sees the file before it is whole and synced: until then nothing needs to survive.
    db.exec('PRAGMA journal_mode = MEMORY; PRAGMA synchronous = OFF; BEGIN');
  }

  async add(entry: Kept): Promise<void> {
    const before = this.#order.run;
    this.#order.expect(entry);
    if (before && entry.kind === 'pair') endConversation(this.#db, before);
    explained(this.#places.filling, () => this.#insert(entry));
  }

  #insert(entry: Kept): void {
    try {
      insertKept(this.#db, entry, this.#order.run);
    } catch (cause) {
      if (!isRefused(cause)) throw cause;
      throw new StoreError('misfit', `A ${entry.kind} is there twice, or without what it belongs to.`, { cause });
    }
  }

  async finish(): Promise<void> {
    this.#order.end();
    explained(this.#places.filling, () => this.#finish());
  }

  #finish(): void {
    if (this.#order.run) endConversation(this.#db, this.#order.run);
    this.#db.run`DELETE FROM keyChange`;
    this.#db.run`UPDATE installation SET epoch = ${randomUUID()}`;
    this.#db.exec('COMMIT');
    this.#db.close();
    const { filling, path, directory } = this.#places;
    sync(filling);
    removeBeside(path);
    renameSync(filling, path);
    sync(directory);
    this.#state = 'finished';
  }

  async close(): Promise<void> {
    if (this.#state === 'closed') return;
    if (this.#state === 'filling') {
      this.#db.close();
      remove(this.#places.filling);
    }
    this.#state = 'closed';
    this.#unlock();
  }
}

/** Windows cannot sync a folder and need not. */
function sync(path: string): void {
  const isFolder = !path.endsWith(FILLING_FILE);
  if (isFolder && process.platform === 'win32') return;
  const handle = openSync(path, isFolder ? 'r' : 'r+');
  try {
    fsyncSync(handle);
  } finally {
    closeSync(handle);
  }
}

function endConversation(db: Database, run: Run): void {
  const { id } = run.pair;
  db.run`UPDATE conversation SET lastSeq = ${run.seq}, revision = ${run.pair.revision} WHERE id = ${id}`;
  for (const { user, received, read } of ended(run))
    db.run`UPDATE member SET received = ${received}, read = ${read} WHERE conversation = ${id} AND user = ${user}`;
}
