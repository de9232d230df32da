import { parentPort, workerData } from 'node:worker_threads';
import { openWritable, type WriterFile } from './file.ts';
import { StoreError, type StoreFault } from '../store-error.ts';
import type { Write } from './verbs.ts';
import { commitGroup, type Outcome } from './write-group.ts';

/** What the store asks of this thread; what arrives while a group is being committed waits in the store. */
export type ToWriter = { kind: 'group'; writes: readonly Write[] } | { kind: 'close' };
/** `ready` says what the writing connection itself says about its durability: 2 is FULL. */
export type FromWriter =
  | { kind: 'ready'; synchronous: number; journalMode: string }
  | { kind: 'refused'; fault: StoreFault; message: string }
  | { kind: 'outcomes'; outcomes: Outcome[] };

const port = parentPort;
if (!port) throw new Error('writer.ts is the entry of a worker thread');
const say = (message: FromWriter): void => port.postMessage(message);

try {
  // Given by `startWriter`, whose parameter has this type.
  const db = openWritable(workerData as WriterFile);
  port.on('message', (message: ToWriter) => {
    if (message.kind === 'group') say({ kind: 'outcomes', outcomes: commitGroup(db, message.writes) });
    else {
      db.close();
      port.close();
    }
  });
  say({ kind: 'ready', synchronous: Number(db.pragma('synchronous')), journalMode: String(db.pragma('journal_mode')) });
} catch (error) {
  if (!(error instanceof StoreError)) throw error;
  say({ kind: 'refused', fault: error.fault, message: error.message });
}
