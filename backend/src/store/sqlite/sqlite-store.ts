import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import { systemClock, type Clock } from '../../clock.ts';
import type { Database } from './database.ts';
import { sqliteError } from './faults.ts';
import { lock, makePrivate, openReadable, type WriterFile } from './file.ts';
import { ask, perform, reads, writes } from './verbs.ts';
import type { FromWriter } from './writer.ts';
import { StoreError } from '../store-error.ts';
import type { Store } from '../store.ts';
import { WriteQueue } from './write-queue.ts';

/** The one file everything is in. */
export const STORE_FILE = 'parley.sqlite';
/** Locked while a process has the store open. */
export const LOCK_FILE = 'parley.lock';

/**
 * Opens the store in `directory`, which is made where it is missing (0700, the file 0600). Writes go through a thread
 * of their own, which commits them in groups and answers when they are on the disk; reads are made on this thread, on
 * a second connection, and see everything that was acknowledged.
 * @param clock when a new installation says it was made.
 * @throws StoreError `not-writable`, `not-a-database`, `newer-database`, or `locked` where another process has it.
 */
export async function openSqliteStore(directory: string, clock: Clock = systemClock): Promise<Store> {
  const path = join(directory, STORE_FILE);
  const lockPath = join(directory, LOCK_FILE);
  makePrivate(directory, lockPath);
  const unlock = lock(lockPath);
  try {
    makePrivate(directory, path);
    const { worker } = await startWriter({ path, now: clock.now() });
    const queue = new WriteQueue(worker);
    return storeOver(openReadable(path), queue, unlock);
  } catch (error) {
    unlock();
    throw error;
  }
}

function storeOver(reader: Database, queue: WriteQueue, unlock: () => void): Store {
  let closed: Promise<void> | undefined;
  const read = ask(reads, async (verb, args) => {
    if (queue.state === 'closed') throw new StoreError('closed', 'The store is closed.');
    try {
      return reader.transaction('read', () => perform(reads[verb], reader, args));
    } catch (error) {
      throw sqliteError(verb, error);
    }
  });
  const write = ask(writes, (verb, args) => queue.write({ verb, args }));
  return {
    ...read,
    ...write,
    // Asked with nearly every request, and nearly always true already: a read is cheaper than a write.
    async confirmRefreshToken(deviceId, gen, at) {
      if (await read.isRotationPending(deviceId, gen)) await write.confirmRefreshToken(deviceId, gen, at);
    },
    get state() {
      return queue.state;
    },
    close() {
      closed ??= closeAll(reader, queue).finally(unlock);
      return closed;
    },
  };
}

/** The reader goes first: the last connection to close is the one that folds the log into the database. */
async function closeAll(reader: Database, queue: WriteQueue): Promise<void> {
  const drained = queue.close();
  reader.close();
  await drained;
}

/**
 * Starts the writing thread and waits until its connection is open.
 * @throws StoreError what `openWritable` throws.
 */
export async function startWriter(
  file: WriterFile,
): Promise<{ worker: Worker; synchronous: number; journalMode: string }> {
  const worker = new Worker(new URL('./writer.ts', import.meta.url), {
    workerData: file,
    name: 'sqlite-writer',
  });
  const first = await new Promise<FromWriter>((resolve, reject) => {
    worker.once('message', resolve);
    worker.once('error', reject);
  });
  worker.removeAllListeners('error');
  if (first.kind === 'ready') return { worker, synchronous: first.synchronous, journalMode: first.journalMode };
  await worker.terminate();
  throw first.kind === 'refused'
    ? new StoreError(first.fault, first.message)
    : new StoreError('broken', 'The writing thread spoke before it was ready.');
}
