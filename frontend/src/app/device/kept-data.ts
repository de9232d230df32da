import { forgetShare } from '../../../worker/share-box';
import { answerTo } from './indexed-db';
import { forgetByTabOfPerson, forgetRememberedOfPerson } from './remembered';

/** A person's database: this, the installation's id and the person's (device/local-database.ts). */
export const PERSON_DATABASE = 'parley-';
/** The share box is made by the worker, for whoever is at the device. */
const SHARE_DATABASE = 'parley-share';
/** Angular's worker keeps the app itself here, and nothing of a person (ngsw-config.json has no data groups). */
const APP_CACHE = 'ngsw:';
/** Where our worker leaves the call that was accepted while no page was open (frontend/worker/push.ts). */
const TAPS_CACHE = 'parley-taps';

/** Where our worker finds when this device is to be silent (frontend/worker/quiet.ts). */
const QUIET_CACHE = 'parley-quiet';

export const openTaps = async (): Promise<Cache | undefined> =>
  'caches' in globalThis ? caches.open(TAPS_CACHE) : undefined;

export const openQuiet = async (): Promise<Cache | undefined> =>
  'caches' in globalThis ? caches.open(QUIET_CACHE) : undefined;

/** A place that does not answer holds nothing up longer than this, ms: what is left there goes at the next start. */
const PLACE_MS = 3_000;

/** What stays although somebody leaves. */
export interface Staying {
  /** A database that its owner comes back to. */
  readonly database?: string | undefined;
  /** How the names of the databases with a device's keys begin, which its owner comes back to. */
  readonly keys?: string | undefined;
  /** A share that has arrived at a device at which nobody was signed in, for whoever signs in now. */
  readonly share?: boolean;
}

type Forget = (staying: Staying, known: readonly string[]) => Promise<void>;

/**
 * Every place in which this origin keeps something of a person, and how it is emptied: the one list of them. What is not here
 * is the device's own: the app (Angular's caches), its choices (device/remembered.ts), the row `last` or `proof` of the
 * database `parley`, which account/identity.ts writes, and an HttpOnly cookie that the server takes back.
 */
const PLACES: Readonly<Record<string, Forget>> = {
  databases: forgetDatabases,
  share: async ({ share }) => {
    if (share !== true) await forgetShare();
  },
  localStorage: async () => forgetRememberedOfPerson(),
  sessionStorage: async () => forgetByTabOfPerson(),
  caches: async () => {
    if (!('caches' in globalThis)) return;
    const names = (await caches.keys()).filter(name => !name.startsWith(APP_CACHE));
    await Promise.all(names.map(name => caches.delete(name)));
  },
  originPrivateFileSystem: async () => {
    if (!('storage' in navigator) || !('getDirectory' in navigator.storage)) return;
    const root = await navigator.storage.getDirectory();
    for await (const name of root.keys()) await root.removeEntry(name, { recursive: true });
  },
  notifications: async () => {
    for (const shown of (await (await registration())?.getNotifications()) ?? []) shown.close();
  },
  pushSubscription: async () => {
    await (await (await registration())?.pushManager?.getSubscription())?.unsubscribe();
  },
  badge: async () => {
    if ('clearAppBadge' in navigator) await navigator.clearAppBadge();
  },
};

/**
 * Empties every place of a person. One that refuses or does not answer stops no other.
 * @param known names of databases to delete, for browsers that cannot list them (`indexedDB.databases`)
 * @returns the places that could not be emptied
 */
export async function forgetPerson(staying: Staying = {}, known: readonly string[] = []): Promise<string[]> {
  const outcomes = Object.entries(PLACES).map(async ([place, forget]) => {
    const late = new Promise<string>(resolve => setTimeout(() => resolve(place), PLACE_MS));
    const done = forget(staying, known).then(
      () => '',
      () => place,
    );
    return Promise.race([done, late]);
  });
  return (await Promise.all(outcomes)).filter(place => place !== '');
}

async function forgetDatabases({ database, keys }: Staying, known: readonly string[]): Promise<void> {
  const ofPeople = [...(await namesOfDatabases()), ...known].filter(
    name => name.startsWith(PERSON_DATABASE) && name !== SHARE_DATABASE,
  );
  const stays = (name: string): boolean => name === database || (keys !== undefined && name.startsWith(keys));
  await Promise.all([...new Set(ofPeople)].filter(name => !stays(name)).map(deleteDatabase));
}

const namesOfDatabases = async (): Promise<string[]> =>
  'databases' in indexedDB ? (await indexedDB.databases()).map(({ name }) => name ?? '') : [];

/**
 * Deletes the keys of a device that is another one now.
 * @param keys how the names of their databases begin
 */
export async function forgetKeys(keys: string): Promise<void> {
  const names = await namesOfDatabases();
  await Promise.all(names.filter(name => name.startsWith(keys)).map(deleteDatabase));
}

/** Deletes a database, as soon as every page has closed it, which ours do when they are told (`versionchange`). */
function deleteDatabase(name: string): Promise<void> {
  return new Promise((resolve, reject) => {
    const deleting = indexedDB.deleteDatabase(name);
    deleting.onsuccess = () => resolve();
    deleting.onerror = () => reject(new Error(`${name} was not deleted`, { cause: deleting.error }));
  });
}

const registration = async (): Promise<ServiceWorkerRegistration | undefined> =>
  'serviceWorker' in navigator ? navigator.serviceWorker.getRegistration() : undefined;

/** Rows of a table that exist nowhere else: all of it, or those with these primary keys. */
export type Unsent = Readonly<Record<string, 'all' | readonly string[]>>;

/**
 * Takes everything out of a person's database that the server has, too. What was written here and not sent stays, for its
 * owner: no answer of the server makes that go.
 * @param unsent what stays, by table
 * @returns whether anything has stayed
 */
export async function keepUnsentOnly(name: string, unsent: Unsent): Promise<boolean> {
  const database = await opened(name);
  try {
    const tables = [...database.objectStoreNames];
    if (tables.length === 0) return false;
    const transaction = database.transaction(tables, 'readwrite');
    const counts = tables.map(table => {
      const store = transaction.objectStore(table);
      const stays = unsent[table];
      if (stays === undefined) return answerTo(store.clear()).then(() => 0);
      return stays === 'all' ? answerTo(store.count()) : keepRows(store, stays);
    });
    return (await Promise.all(counts)).some(count => count > 0);
  } finally {
    database.close();
  }
}

async function keepRows(store: IDBObjectStore, keys: readonly string[]): Promise<number> {
  const all = await answerTo(store.getAllKeys());
  const gone = all.filter(key => typeof key !== 'string' || !keys.includes(key));
  gone.forEach(key => store.delete(key));
  return all.length - gone.length;
}

function opened(name: string): Promise<IDBDatabase> {
  return answerTo(indexedDB.open(name));
}
