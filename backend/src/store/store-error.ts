import type { Logger } from '../log.ts';
import { OperatorFault } from '../operator-error.ts';

/** Why a store could not be opened, or stopped working. */
export type StoreFault =
  /** The folder or a file in it cannot be written, or its disk does not answer. */
  | 'not-writable'
  /** There is no room on the disk; nothing was written. */
  | 'full'
  /** The file is damaged, no database, or not one of Parley's. */
  | 'not-a-database'
  /** Written by a newer Parley, whose tables this one does not know. */
  | 'newer-database'
  /** Written by an older Parley, which only a start brings up to date. */
  | 'older-database'
  /** There is nothing yet. */
  | 'empty'
  /** There are accounts, and nobody has said that they may go. */
  | 'not-empty'
  /** A store that was being put in its place is not all there. */
  | 'half-filled'
  /** What is to be put in does not belong together. */
  | 'misfit'
  /** What was read does not belong together, because somebody went meanwhile: it is to be read anew. */
  | 'changed'
  /** Another process has it open, or a file of it locked. */
  | 'locked'
  /** Writing has ended for good; what was not acknowledged may or may not be there. */
  | 'broken'
  /** Asked after `close()`. */
  | 'closed'
  /** Too many writes wait already; nothing was written. */
  | 'overloaded'
  /** The engine refuses who asks, or what STORE says. */
  | 'refused'
  /** The engine cannot be reached right now. What was asked may or may not have happened; asking again may help. */
  | 'unreachable'
  /** This verb failed and wrote nothing; `cause` says why. */
  | 'failed';

/** The one error a store rejects with. The message is a sentence for the person who runs the server. */
export class StoreError extends OperatorFault<StoreFault> {
  override readonly name = 'StoreError';
}

/**
 * The one table of what passes: whether the same thing may be asked again in a while, as it is, once the engine, the disk or the
 * person who runs the server has mended what was wrong. Only what is wrong with the thing itself is final. Which error of an
 * engine is which fault stands beside that engine (sqlite-faults.ts, mongo-faults.ts).
 */
const PASSES: Readonly<Record<StoreFault, boolean>> = {
  'not-writable': true,
  full: true,
  locked: true,
  broken: true,
  closed: true,
  overloaded: true,
  unreachable: true,
  // The address or the password is wrong, not what was asked.
  refused: true,
  // A damaged file is put back from a backup, under the same ids.
  'not-a-database': true,
  changed: true,
  'newer-database': false,
  'older-database': false,
  empty: false,
  'not-empty': false,
  'half-filled': false,
  misfit: false,
  failed: false,
};

/** An error of the system, of a file or a socket: it names the call that failed. It says nothing of what was to be done. */
const isOfTheSystem = (error: unknown): boolean =>
  error instanceof Error && 'syscall' in error && 'code' in error && typeof error.code === 'string';

/** Whether what was asked may be asked again in a while, as it is. */
export const passes = (error: unknown): boolean =>
  error instanceof StoreError ? PASSES[error.fault] : isOfTheSystem(error);

/**
 * Logs that what was asked has failed; quietly where an engine is away, which its store says once for all.
 * @param what a sentence for the person who runs the server
 * @param about further fields of the line
 */
export function logFailure(log: Logger, error: unknown, what: string, about: object = {}): void {
  const isAway = error instanceof StoreError && error.fault === 'unreachable';
  log[isAway ? 'debug' : 'error']({ err: error, ...about }, what);
}
