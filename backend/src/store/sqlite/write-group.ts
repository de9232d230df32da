import type { Database } from './database.ts';
import { sqliteFault } from './faults.ts';
import type { StoreFault } from '../store-error.ts';
import { perform, writes, type Write } from './verbs.ts';

/** What became of one write. An error has lost its class on the way between threads, so its fault and its words travel. */
export type Outcome = { ok: true; value: unknown } | { ok: false; fault: StoreFault; error: string };

const failed = (error: unknown): Outcome => ({
  ok: false,
  fault: sqliteFault(error),
  error: error instanceof Error ? error.message : String(error),
});

/**
 * Performs a group of writes in one transaction: one sync to the disk for all of them. Each write has a savepoint of
 * its own, so that one that fails takes nothing of its neighbours with it; a commit that fails undoes all.
 * @returns the outcomes in the writes' order, all of them durable.
 */
export function commitGroup(db: Database, group: readonly Write[]): Outcome[] {
  try {
    return db.transaction('write', () => group.map(write => performOne(db, write)));
  } catch (error) {
    return group.map(() => failed(error));
  }
}

function performOne(db: Database, { verb, args }: Write): Outcome {
  try {
    return { ok: true, value: db.savepoint(() => perform(writes[verb], db, args)) };
  } catch (error) {
    // A full disk or an I/O error has ended the whole transaction: nothing of this group is there any more.
    if (!db.inTransaction) throw error;
    return failed(error);
  }
}
