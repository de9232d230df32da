import type { Clock } from '../clock.ts';
import { KeptOrder } from '../store/kept-order.ts';
import type { Filling, FillOptions, Kept } from '../store/transfer.ts';
import { Counting, type Census } from './census.ts';
import { becomeMachine, expectUsable, type Folders } from './machine.ts';
import type { OpenBackup } from './read-backup.ts';
import { beginExchange, endExchange, isUnfinished } from './unfinished.ts';

export type RestoreOptions = {
  backup: OpenBackup;
  folders: Folders;
  fill: (options: FillOptions) => Promise<Filling>;
  /** Whether accounts that are there may go. */
  replace: boolean;
  /** Whether everybody has to sign in again: as after a theft. */
  signOut: boolean;
  clock: Clock;
};

/**
 * Puts a backup in the place of what is there. Until all of it was read and found right nothing changes; then the store
 * and the files are exchanged, and no server starts between the first and the last of them.
 * @throws BackupError, StoreError, CertificateError, SecretError, FileError
 */
export async function restoreBackup(options: RestoreOptions): Promise<Census> {
  const { backup, folders, clock, signOut } = options;
  await expectUsable(backup.machine, clock.now());
  // What an exchange has left half was allowed to go when it began.
  const replace = options.replace || (await isUnfinished(folders.dataDir));
  const filling = await options.fill({ replace });
  try {
    const census = await pour(backup.entries, filling, signOut ? signedOut : kept => kept);
    await beginExchange(folders.dataDir);
    await filling.finish();
    await becomeMachine(backup.machine, folders, clock.now());
    await endExchange(folders.dataDir);
    return census;
  } finally {
    await filling.close();
  }
}

/**
 * Reads a backup whole, as a restore would.
 * @throws BackupError, StoreError `misfit`, CertificateError, SecretError
 */
export async function checkBackup({ machine, entries }: OpenBackup): Promise<Census> {
  await expectUsable(machine, machine.madeAt);
  const order = new KeptOrder();
  const nowhere = { add: async (entry: Kept) => order.expect(entry), finish: async () => order.end() };
  const census = await pour(entries, nowhere, entry => entry);
  await nowhere.finish();
  return census;
}

/** Puts everything in, and counts it. */
export async function pour(
  entries: AsyncIterable<Kept>,
  filling: Pick<Filling, 'add'>,
  change: (entry: Kept) => Kept,
): Promise<Census> {
  const counting = new Counting();
  for await (const entry of entries) {
    const changed = change(entry);
    counting.add(changed);
    await filling.add(changed);
  }
  return counting.census;
}

/** The device stays, so that what waits on it goes on; what let it in without a password goes. */
const signedOut = (entry: Kept): Kept => (entry.kind === 'device' ? { ...entry, tokens: [], push: null } : entry);
