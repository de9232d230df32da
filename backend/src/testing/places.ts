import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createLog } from '../log.ts';
import type { Place } from '../store/contract/transfer.contract.ts';
import { fillStore, openStore, readStore, type StoreChoice } from '../store/open-store.ts';
import { specDatabase } from './mongo.ts';

const placeOf = (choice: StoreChoice, dispose: () => Promise<void>): Place & { choice: StoreChoice } => ({
  choice,
  open: () => openStore(choice, createLog('silent')),
  read: () => readStore(choice),
  fill: options => fillStore(choice, options),
  dispose,
});

/** A folder where a SQLite store may be. */
export async function sqlitePlace(): Promise<Place & { choice: StoreChoice }> {
  const directory = await mkdtemp(join(tmpdir(), 'parley-place-'));
  return placeOf({ kind: 'sqlite', directory }, () => rm(directory, { recursive: true }));
}

/** A database where a MongoDB store may be. */
export async function mongoPlace(): Promise<Place & { choice: StoreChoice }> {
  const database = await specDatabase();
  return placeOf({ kind: 'mongodb', url: database.url }, () => database.drop());
}
