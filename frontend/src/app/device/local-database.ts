import { inject, Service } from '@angular/core';
import { Subject, type Observable } from 'rxjs';
import { DexieTables, NEWER } from './dexie-tables';
import { DATABASE_OWNER, LOCAL_TABLES, type OpenTables } from './local-tables';
import { schemasOf, versionsOf } from './local-versions';
import { MemoryTables } from './memory-tables';
import { StorageState } from './storage-state';

/**
 * What a browser says when it refuses storage or loses it: forbidden, damaged, from a newer app, closed by the system.
 * All other errors are ours.
 */
const REFUSALS: ReadonlySet<string> = new Set([
  ...['SecurityError', 'MissingAPIError', 'OpenFailedError', NEWER, 'UnknownError', 'TimeoutError'],
  ...['DatabaseClosedError', 'InvalidStateError', 'AbortError'],
]);

/**
 * What this device keeps of a person: one database for each installation and user (PROTOCOL.md, Messages). It opens
 * by itself at the first use, with or without a server. Where the browser refuses it, at the start or later, everything goes
 * on in memory until the page is closed, and `StorageState` says so.
 */
@Service()
export class LocalDatabase {
  readonly #owner = inject(DATABASE_OWNER);
  readonly #features = inject(LOCAL_TABLES);
  readonly #storage = inject(StorageState);
  readonly #lost = new Subject<void>();
  #name = '';
  #tables: DexieTables | undefined;
  #memory: MemoryTables | undefined;
  #isLeft = false;

  /** From now on nothing that was kept can be read: what relies on it begins again. */
  readonly lost: Observable<void> = this.#lost.asObservable();

  constructor() {
    this.#owner.beforeLeaving(async () => {
      this.#isLeft = true;
      this.#tables?.close();
    });
  }

  /**
   * Reads or writes in the tables of the person who is here now.
   * @param act may be run again, in memory at last
   * @throws what `act` does, and where the disk is full; what the browser refuses is no error unless the person is leaving
   */
  async use<T>(act: (tables: OpenTables) => Promise<T>): Promise<T> {
    this.#follow(this.#owner.databaseName());
    if (this.#memory) return act(this.#memory);
    try {
      return await this.#try(act);
    } catch (error) {
      // A disk that is full is so for a while: who writes tries again, and says what is not kept.
      const isFull = isCalled(error, name => name === 'QuotaExceededError');
      if (this.#isLeft || isFull || !isCalled(error, name => REFUSALS.has(name))) throw error;
      return this.#inMemory(act, error);
    }
  }

  /** The name under which the browser keeps it, for a worker to open as it is now; undefined where everything is in memory. */
  async keptAs(): Promise<string | undefined> {
    await this.use(() => Promise.resolve());
    return this.#memory ? undefined : this.#name;
  }

  /** A connection that the system has closed is opened once more. */
  async #try<T>(act: (tables: OpenTables) => Promise<T>): Promise<T> {
    try {
      return await act(await this.#opened());
    } catch (error) {
      const isClosed = isCalled(error, name => name === 'DatabaseClosedError' || name === 'InvalidStateError');
      if (this.#isLeft || !isClosed) throw error;
      this.#close();
      return act(await this.#opened());
    }
  }

  #inMemory<T>(act: (tables: OpenTables) => Promise<T>, error: unknown): Promise<T> {
    const isFirst = this.#memory === undefined;
    this.#memory ??= new MemoryTables(schemasOf(this.#features));
    if (isFirst) {
      this.#storage.refused(isCalled(error, name => name === NEWER) ? 'newer' : 'messages');
      this.#lost.next();
    }
    return act(this.#memory);
  }

  #follow(name: string): void {
    if (this.#name === name) return;
    this.#close();
    this.#name = name;
    this.#memory = undefined;
  }

  async #opened(): Promise<OpenTables> {
    this.#tables ??= new DexieTables(this.#name, versionsOf(this.#features));
    const tables = this.#tables;
    await tables.opened.catch((error: unknown) => {
      throw isCalled(error, name => REFUSALS.has(name)) ? error : new DOMException(String(error), 'UnknownError');
    });
    return tables;
  }

  #close(): void {
    this.#tables?.close();
    this.#tables = undefined;
  }
}

/** Dexie wraps what the browser said. */
function isCalled(error: unknown, matches: (name: string) => boolean): boolean {
  if (!(error instanceof Error)) return false;
  return matches(error.name) || ('inner' in error && isCalled(error.inner, matches));
}
