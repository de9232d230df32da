import { OperatorFault } from '../operator-error.ts';

/** Why there is no backup, or why it cannot be read. */
export type BackupFault =
  /** The file does not begin as one of Parley's. */
  | 'not-a-backup'
  /** Its format is of a newer Parley. */
  | 'newer-format'
  /** The passphrase opens it not. */
  | 'wrong-passphrase'
  /** Something in it is not what was written. */
  | 'damaged'
  /** Its end is missing. */
  | 'truncated'
  /** It is what somebody wrote, and nothing that Parley writes. */
  | 'malformed'
  /** There is a file of this name. */
  | 'exists'
  /** No passphrase can be had, or one that is too short. */
  | 'no-passphrase'
  /** A server runs where something is to be restored. */
  | 'running'
  /** A restore was begun here and not ended. */
  | 'unfinished'
  /** What was moved is not what it was. */
  | 'differs';

/** The message is a sentence for the person at the terminal. */
export class BackupError extends OperatorFault<BackupFault> {
  override readonly name = 'BackupError';
}
