import { type EntryKey } from '#protocol/content/kinds';
import { type PinnedList } from '#protocol/crypto/device-list';
import { type Provenance } from '#protocol/crypto/provenance';
import { type SessionUse } from '#protocol/crypto/rotation';
import { type KeptEvent } from './arrived.ts';

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
  /** Session → who it was proved to be from. */
  proof: Provenance;
  /** Number of arrival → an event of the inbox that was not acted on yet. */
  event: KeptEvent;
  /** `own`: the public master key of this person's own identity. */
  identity: string;
  /**
   * `changes`: how far the feed of changed keys was read. `open`: 1 while a machine runs, so that a crash is seen at the next start;
   * `crashes`: how many were seen. `event`: the number of the last event.
   */
  mark: number;
}

/** A small database of one object store; its name begins as those of a person do, so that it goes with them. */
export class Rows {
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

  /**
   * Writes a row where there is none, in one step: of two that ask at once one comes second.
   * @returns the row that was there; undefined: this one is there now
   */
  async claim<T extends keyof RowTypes>(table: T, key: string, row: RowTypes[T]): Promise<RowTypes[T] | undefined> {
    const store = this.#store('readwrite');
    const known = await answerTo(store.get([table, key]) as IDBRequest<RowTypes[T] | undefined>);
    if (known === undefined) store.put(row, [table, key]);
    await over(store.transaction);
    return known;
  }

  async remove(table: keyof RowTypes, key: string): Promise<void> {
    const store = this.#store('readwrite');
    store.delete([table, key]);
    await over(store.transaction);
  }

  /** All rows of a table, in the order of their keys. */
  async all<T extends keyof RowTypes>(table: T): Promise<RowTypes[T][]> {
    // Arrays come behind all texts in the order of keys (Indexed Database API 3.0, 2.4).
    return answerTo(
      this.#store('readonly').getAll(IDBKeyRange.bound([table], [table, []])) as IDBRequest<RowTypes[T][]>,
    );
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
