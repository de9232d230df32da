import { type EntryKey } from '#protocol/content/kinds';
import { type PinnedList } from '#protocol/crypto/device-list';
import { type Provenance } from '#protocol/crypto/provenance';
import { type SessionUse } from '#protocol/crypto/rotation';
import { type KeptEvent } from './arrived.ts';
import { type Link } from './backup-manifest.ts';
import { type Given } from './given.ts';
import { type HeardIn } from './heard.ts';

/** What the machine keeps beside the store of the library, by table; keys are texts. */
export interface RowTypes {
  /** User and master key → the highest list of devices that this identity has signed; kept while another one is shown. */
  pin: PinnedList;
  /** User → the master key whose list chose the devices that the library was given last. */
  listed: string;
  /** Session and index → the entry that it was first seen for. */
  place: EntryKey;
  /** Conversation → how far its outgoing session was used, and how many crashes this device had had when it was made. */
  use: SessionUse & { readonly crashes: number };
  /** Conversation → what was heard of its devices; the numbers that this device has given to its own entries. */
  heard: HeardIn;
  given: Given;
  /** Session → who it was proved to be from. */
  proof: Provenance;
  /** A session that the backup does not hold yet → its id. */
  unkept: string;
  /** Version of a backup → its last batch as this device knows it. */
  backup: Link;
  /** Version of a backup → how far it was read, from the last batch back. */
  restore: RestoreState;
  /** `own`: the secrets of this person, sealed under a key of the store. */
  secret: string;
  /** Number of arrival → an event of the inbox that was not acted on yet. */
  event: KeptEvent;
  /**
   * `own`: the public master key of this person's own identity. `made`: the one of an identity that this device makes, until it has
   * secrets of it.
   */
  identity: string;
  /**
   * `changes`: how far the feed of changed keys was read. `open`: 1 while a machine runs, so that a crash is seen at the next start;
   * `crashes`: how many were seen. `event`: the number of the last event. `dehydrated`: when this device renewed the dehydrated one last,
   * ms since the epoch.
   */
  mark: number;
}

/** How far a backup was read: in passes, each from the last batch back to where the one before it began. */
export interface RestoreState {
  /** Everything up to this batch was read. */
  readonly read: Link;
  /** The pass that goes on: its first batch, and the oldest that was read, with the link that it names. */
  readonly pass: { readonly from: Link; readonly number: number; readonly previous: string } | null;
}

/** What holds the rows. */
export interface RowStore {
  get<T extends keyof RowTypes>(table: T, key: string): Promise<RowTypes[T] | undefined>;
  put<T extends keyof RowTypes>(table: T, key: string, row: RowTypes[T]): Promise<void>;
  /**
   * Writes a row where there is none, in one step: of two that ask at once one comes second.
   * @returns the row that was there; undefined: this one is there now
   */
  claim<T extends keyof RowTypes>(table: T, key: string, row: RowTypes[T]): Promise<RowTypes[T] | undefined>;
  /** Keeps who a session is from, and that the backup lacks it, in one step: a backup made in between would leave its proof out. */
  prove(sessionId: string, from: Provenance): Promise<void>;
  remove(table: keyof RowTypes, key: string): Promise<void>;
  /** All rows of a table, in the order of their keys. */
  all<T extends keyof RowTypes>(table: T): Promise<RowTypes[T][]>;
  /** At most `most` rows of a table, and how many there are. */
  some<T extends keyof RowTypes>(table: T, most: number): Promise<{ rows: RowTypes[T][]; count: number }>;
  /** Every session of which it is known who it is from belongs into a new backup. */
  backUpAll(): Promise<void>;
  close(): void;
}

/** A small database of one object store; its name begins as those of a person do, so that it goes with them. */
export class Rows implements RowStore {
  readonly #database: IDBDatabase;

  private constructor(database: IDBDatabase) {
    this.#database = database;
  }

  static async open(name: string): Promise<Rows> {
    const opening = indexedDB.open(name, 1);
    opening.onupgradeneeded = () => opening.result.createObjectStore('rows');
    const database = await answerTo(opening);
    database.onversionchange = () => database.close();
    return new Rows(database);
  }

  /** Rows are written here alone, so that what comes back has the type it was written with. */
  async get<T extends keyof RowTypes>(table: T, key: string): Promise<RowTypes[T] | undefined> {
    return answerTo(this.#store('readonly').get([table, key]) as IDBRequest<RowTypes[T] | undefined>);
  }

  async put<T extends keyof RowTypes>(table: T, key: string, row: RowTypes[T]): Promise<void> {
    const store = this.#store('readwrite');
    store.put(row, [table, key]);
    await over(store.transaction);
  }

  async claim<T extends keyof RowTypes>(table: T, key: string, row: RowTypes[T]): Promise<RowTypes[T] | undefined> {
    const store = this.#store('readwrite');
    const known = await answerTo(store.get([table, key]) as IDBRequest<RowTypes[T] | undefined>);
    if (known === undefined) store.put(row, [table, key]);
    await over(store.transaction);
    return known;
  }

  async prove(sessionId: string, from: Provenance): Promise<void> {
    const store = this.#store('readwrite');
    store.put(from, ['proof', sessionId]);
    store.put(sessionId, ['unkept', sessionId]);
    await over(store.transaction);
  }

  async remove(table: keyof RowTypes, key: string): Promise<void> {
    const store = this.#store('readwrite');
    store.delete([table, key]);
    await over(store.transaction);
  }

  async all<T extends keyof RowTypes>(table: T): Promise<RowTypes[T][]> {
    // Arrays come behind all texts in the order of keys (Indexed Database API 3.0, 2.4).
    return answerTo(
      this.#store('readonly').getAll(IDBKeyRange.bound([table], [table, []])) as IDBRequest<RowTypes[T][]>,
    );
  }

  async some<T extends keyof RowTypes>(table: T, most: number): Promise<{ rows: RowTypes[T][]; count: number }> {
    const store = this.#store('readonly');
    const range = IDBKeyRange.bound([table], [table, []]);
    const rows = answerTo(store.getAll(range, most) as IDBRequest<RowTypes[T][]>);
    return { rows: await rows, count: await answerTo(store.count(range)) };
  }

  async backUpAll(): Promise<void> {
    const store = this.#store('readwrite');
    const keys = await answerTo(store.getAllKeys(IDBKeyRange.bound(['proof'], ['proof', []])));
    for (const key of keys) {
      const [, sessionId] = key as [string, string];
      store.put(sessionId, ['unkept', sessionId]);
    }
    await over(store.transaction);
  }

  close(): void {
    this.#database.close();
  }

  #store(mode: IDBTransactionMode): IDBObjectStore {
    return this.#database.transaction('rows', mode).objectStore('rows');
  }
}

const answerTo = <T>(request: IDBRequest<T>): Promise<T> =>
  new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(new Error('IndexedDB refused', { cause: request.error }));
  });

const over = (transaction: IDBTransaction): Promise<void> =>
  new Promise((resolve, reject) => {
    transaction.oncomplete = () => resolve();
    transaction.onabort = () => reject(new Error('IndexedDB refused', { cause: transaction.error }));
  });
