import { inject, Injectable } from '@angular/core';
import { type Collection, Dexie, type Table } from 'dexie';
import { Subject, type Observable } from 'rxjs';
import { answered, StorageState } from '../device/storage-state';
import { Account } from './account';
import { type Cut, type IndexValue, LOCAL_TABLES, type LocalTable, type OpenTables } from './local-tables';
import { MemoryTables } from './memory-tables';

/**
 * What a browser says when it refuses storage or loses it: forbidden, damaged, from a newer app, closed by the system.
 * All other errors are ours.
 */
const REFUSALS: ReadonlySet<string> = new Set([
  ...['SecurityError', 'MissingAPIError', 'OpenFailedError', 'VersionError', 'UnknownError', 'TimeoutError'],
  ...['DatabaseClosedError', 'InvalidStateError', 'AbortError'],
]);

/**
 * What this device keeps of a person: one database for each installation and user (PROTOCOL.md, Messages). It opens
 * by itself at the first use, with or without a server. Where the browser refuses it, at the start or later, everything goes
 * on in memory until the page is closed, and `StorageState` says so.
 */
@Injectable({ providedIn: 'root' })
export class LocalDatabase {
  readonly #account = inject(Account);
  readonly #features = inject(LOCAL_TABLES);
  readonly #storage = inject(StorageState);
  readonly #lost = new Subject<void>();
  #name = '';
  #open: Promise<OpenTables> | undefined;
  #dexie: Dexie | undefined;
  #memory: MemoryTables | undefined;
  #isLeft = false;

  /** From now on nothing that was kept can be read: whoever counts on it begins again. */
  readonly lost: Observable<void> = this.#lost.asObservable();

  constructor() {
    this.#account.beforeLeaving(async () => {
      this.#isLeft = true;
      this.#dexie?.close();
    });
  }

  /**
   * Reads or writes in the tables of the person who is here now.
   * @param act may be run again, in memory at last
   * @throws what `act` does, and where the disk is full; what the browser refuses is no error unless the person is leaving
   */
  async use<T>(act: (tables: OpenTables) => Promise<T>): Promise<T> {
    this.#follow(this.#account.databaseName());
    if (this.#memory) return act(this.#memory);
    try {
      return await this.#try(act);
    } catch (error) {
      // A disk that is full is so for a while: who writes tries again, and says what is not kept.
      const isFull = isCalled(error, name => name === 'QuotaExceededError');
      if (this.#isLeft || isFull || !isCalled(error, name => REFUSALS.has(name))) throw error;
      return this.#inMemory(act);
    }
  }

  /** A connection that the system has closed is opened once more. */
  async #try<T>(act: (tables: OpenTables) => Promise<T>): Promise<T> {
    this.#open ??= this.#opened();
    try {
      return await act(await this.#open);
    } catch (error) {
      const isClosed = isCalled(error, name => name === 'DatabaseClosedError' || name === 'InvalidStateError');
      if (this.#isLeft || !isClosed) throw error;
      this.#dexie?.close();
      this.#open = this.#opened();
      return act(await this.#open);
    }
  }

  #inMemory<T>(act: (tables: OpenTables) => Promise<T>): Promise<T> {
    const isFirst = this.#memory === undefined;
    this.#memory ??= new MemoryTables(this.#schemas());
    if (isFirst) {
      this.#storage.refused('messages');
      this.#lost.next();
    }
    return act(this.#memory);
  }

  #follow(name: string): void {
    if (this.#name === name) return;
    this.#dexie?.close();
    this.#name = name;
    this.#open = undefined;
    this.#memory = undefined;
  }

  async #opened(): Promise<OpenTables> {
    this.#dexie = new Dexie(this.#name);
    // Any feature may grow, and the whole only ever grows with it.
    const version = this.#features.reduce((sum, feature) => sum + feature.version, 0);
    this.#dexie.version(version).stores(this.#schemas());
    const dexie = this.#dexie;
    await answered(dexie.open()).catch((error: unknown) => {
      throw error instanceof Error && REFUSALS.has(error.name)
        ? error
        : new DOMException(String(error), 'UnknownError');
    });
    return {
      table: <Row, Key>(name: string) => new DexieTable(dexie.table<Row, Key>(name)),
      transaction: (tables, act) => dexie.transaction('rw', [...tables], act),
    };
  }

  #schemas(): Record<string, string> {
    return Object.fromEntries(this.#features.flatMap(feature => Object.entries(feature.tables)));
  }
}

/** Dexie wraps what the browser said. */
function isCalled(error: unknown, matches: (name: string) => boolean): boolean {
  if (!(error instanceof Error)) return false;
  return matches(error.name) || ('inner' in error && isCalled(error.inner, matches));
}

class DexieTable<Row, Key> implements LocalTable<Row, Key> {
  readonly #table: Table<Row, Key>;

  constructor(table: Table<Row, Key>) {
    this.#table = table;
  }

  get(key: Key): Promise<Row | undefined> {
    return this.#table.get(key);
  }

  toArray(): Promise<Row[]> {
    return this.#table.toArray();
  }

  count(): Promise<number> {
    return this.#table.count();
  }

  put(row: Row): Promise<unknown> {
    return this.#table.put(row);
  }

  bulkPut(rows: readonly Row[]): Promise<unknown> {
    return this.#table.bulkPut(rows);
  }

  delete(key: Key): Promise<unknown> {
    return this.#table.delete(key);
  }

  clear(): Promise<unknown> {
    return this.#table.clear();
  }

  ordered(index: string, cut?: Cut): Promise<Row[]> {
    return cutOf(this.#table.orderBy(index), cut).toArray();
  }

  between(index: string, from: IndexValue, to: IndexValue, cut?: Cut): Promise<Row[]> {
    return cutOf(this.#table.where(index).between(from, to, true, true), cut).toArray();
  }

  deleteBetween(index: string, from: IndexValue, to: IndexValue): Promise<unknown> {
    return this.#table.where(index).between(from, to, true, true).delete();
  }
}

function cutOf<Row, Key>(rows: Collection<Row, Key>, { reverse, offset, limit }: Cut = {}): Collection<Row, Key> {
  const turned = reverse ? rows.reverse() : rows;
  const after = offset === undefined ? turned : turned.offset(offset);
  return limit === undefined ? after : after.limit(limit);
}
