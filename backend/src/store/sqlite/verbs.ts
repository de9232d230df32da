import { accountReads, accountWrites } from './accounts.ts';
import { adminReads, adminWrites } from './admin.ts';
import { backupReads, backupWrites } from './backups.ts';
import { callReads, callWrites } from './calls.ts';
import { chatWrites } from './chat.ts';
import { columns, integer, maybe, text } from './columns.ts';
import { contactReads, contactWrites } from './contacts.ts';
import type { Database } from './database.ts';
import { deletionWrites } from './deletion.ts';
import { deviceReads, deviceWrites } from './devices.ts';
import { pinWrites } from './pins.ts';
import { historyReads } from './history.ts';
import { inboxReads, inboxWrites } from './inbox.ts';
import { invitationReads, invitationWrites } from './invitations.ts';
import { keyringReads, keyringWrites } from './keyring.ts';
import { oneTimeKeyReads, oneTimeKeyWrites } from './one-time-keys.ts';
import { pushReads, pushWrites } from './push.ts';
import { refreshReads, refreshWrites } from './refresh.ts';
import type { Installation } from '../store.ts';

const installationRow = columns<Installation>({ id: text, epoch: text, createdAt: integer });

/** What is read on the caller's own connection. */
export const reads = {
  ...accountReads,
  ...adminReads,
  ...invitationReads,
  ...deviceReads,
  ...refreshReads,
  ...contactReads,
  ...historyReads,
  ...callReads,
  ...pushReads,
  ...keyringReads,
  ...oneTimeKeyReads,
  ...inboxReads,
  ...backupReads,
  installation: (db: Database): Installation => {
    const row = maybe(db.get`SELECT id, epoch, createdAt FROM installation`, installationRow);
    if (!row) throw new Error('the installation has no identity');
    return row;
  },
};

/** What is written in the worker, each atomically. */
export const writes = {
  ...accountWrites,
  ...adminWrites,
  ...invitationWrites,
  ...deviceWrites,
  ...refreshWrites,
  ...deletionWrites,
  ...contactWrites,
  ...chatWrites,
  ...callWrites,
  ...pushWrites,
  ...keyringWrites,
  ...oneTimeKeyWrites,
  ...inboxWrites,
  ...backupWrites,
  ...pinWrites,
};

type Verbs = Record<string, (db: Database, ...args: never[]) => unknown>;
/** Verbs as the store's callers know them: without the connection, and asynchronous. */
export type Asked<V extends Verbs> = {
  [K in keyof V]: V[K] extends (db: Database, ...args: infer A) => infer R ? (...args: A) => Promise<R> : never;
};
export type WriteVerb = keyof typeof writes;
/** One write on its way to the worker. */
export type Write = { verb: WriteVerb; args: readonly unknown[] };

/** The same verbs, each handed to `run` with its arguments. */
export function ask<V extends Verbs>(
  verbs: V,
  run: (verb: keyof V & string, args: readonly unknown[]) => Promise<unknown>,
): Asked<V> {
  const names: (keyof V & string)[] = Object.keys(verbs);
  // The mapped type is what this line does, name by name.
  return Object.fromEntries(names.map(name => [name, (...args: unknown[]) => run(name, args)])) as Asked<V>;
}

/** Calls a verb with arguments that `ask` has taken under its name. */
export const perform = (
  verb: (db: Database, ...args: never[]) => unknown,
  db: Database,
  args: readonly unknown[],
): unknown => verb(db, ...(args as never[]));
