import { type EntryKey } from '#protocol/content/kinds';
import { type PinnedList } from '#protocol/crypto/device-list';
import { type Provenance } from '#protocol/crypto/provenance';
import { type SessionUse } from '#protocol/crypto/rotation';

/** What the machine keeps beside the store of the library, by table; keys are texts. */
export interface RowTypes {
  /** User and master key → the highest list of devices that this identity has signed; kept while another one is shown. */
  pin: PinnedList;
  /** User → the master key whose list chose the devices that the library was given last. */
  listed: string;
  /** Session and index → the entry that it was first seen for. */
  place: EntryKey;
  /** Conversation → how far its outgoing session was used. */
  use: SessionUse;
  /** Session → who it was proved to be from. */
  proof: Provenance;
  /** `own`: the public master key of this person's own identity. */
  identity: string;
  /** `changes`: how far the feed of changed keys was read; `open`: 1 while a machine runs, so that a crash is seen at the next start. */
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
