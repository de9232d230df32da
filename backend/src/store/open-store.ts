import { systemClock, type Clock } from '../clock.ts';
import type { Logger } from '../log.ts';
import { concernsAbout, readPlace } from './mongo/url.ts';
import { fillSqlite } from './sqlite/filling.ts';
import { readSqlite } from './sqlite/reading.ts';
import { openSqliteStore } from './sqlite/sqlite-store.ts';
import type { Filling, FillOptions, Reading } from './transfer.ts';
import type { Store } from './store.ts';

/** Which engine keeps everything; a `url` may hold a password and is for the engine's eyes alone. */
export type StoreChoice = { kind: 'sqlite'; directory: string } | { kind: 'mongodb'; url: string };

/**
 * @param place what `STORE` says: `sqlite`, or a connection string
 * @param directory `DATA_DIR`
 */
export const choiceOf = (place: string, directory: string): StoreChoice =>
  place === 'sqlite' ? { kind: 'sqlite', directory } : { kind: 'mongodb', url: place };

/**
 * Opens the store that was chosen, and warns of what is not as it should be.
 * @param clock when a new installation says it was made
 * @throws StoreError as `openSqliteStore` and `openMongoStore` say
 */
export async function openStore(choice: StoreChoice, log: Logger, clock: Clock = systemClock): Promise<Store> {
  if (choice.kind === 'sqlite') return openSqliteStore(choice.directory, clock);
  const place = readPlace(choice.url);
  for (const concern of place ? concernsAbout(place) : []) log.warn(concern);
  // Loaded where it is wanted: a driver that nobody asked for costs memory and a third of a second at each start.
  const { openMongoStore } = await import('./mongo/mongo-store.ts');
  return openMongoStore(choice.url, clock, log);
}

/**
 * Opens the store that was chosen for reading everything, beside a server that may run on it.
 * @param clock when a call that is live is lost
 * @throws StoreError as `readSqlite` and `readMongo` say
 */
export async function readStore(choice: StoreChoice, clock: Clock = systemClock): Promise<Reading> {
  if (choice.kind === 'sqlite') return readSqlite(choice.directory, clock);
  const { readMongo } = await import('./mongo/reading.ts');
  return readMongo(choice.url, clock);
}

/**
 * Begins to put another store in the place of the one that was chosen.
 * @throws StoreError as `fillSqlite` and `fillMongo` say
 */
export async function fillStore(
  choice: StoreChoice,
  options: FillOptions,
  clock: Clock = systemClock,
): Promise<Filling> {
  if (choice.kind === 'sqlite') return fillSqlite(choice.directory, options, clock);
  const { fillMongo } = await import('./mongo/filling.ts');
  return fillMongo(choice.url, options, clock);
}
