import { InjectionToken } from '@angular/core';
import { type Unsent } from './kept-data';

/** What one feature keeps in the local database, as it has grown. */
export interface LocalTables {
  /**
   * Version of the whole database → what this feature changes with it. All features count along one line: who changes something
   * takes the next number. What has been released is never edited, because devices have databases made by it.
   */
  readonly versions: Readonly<Record<number, LocalVersion>>;
  /** Of its tables, what no server has: it outlives a session that the server ends (device/kept-data.ts). */
  readonly unsent?: Unsent;
}

/** One step from a version of the database to the next. */
export interface LocalVersion {
  /** Table name → Dexie's schema: primary key, then indexes; null: the table goes. Others stay as they are. */
  readonly tables?: Readonly<Record<string, string | null>>;
  /** Rewrites what an older version has written, in the transaction that changes the schema: all of it or nothing. */
  readonly upgrade?: (rewrite: Rewrite) => Promise<unknown>;
}

/** Puts a row in the place of each row of a table; the primary key must stay. */
export type Rewrite = (table: string, change: (row: unknown) => object) => Promise<unknown>;

/** Every feature adds its own (`{ provide: LOCAL_TABLES, useValue: chatTables, multi: true }`); names must differ. */
export const LOCAL_TABLES = new InjectionToken<readonly LocalTables[]>('local tables');

/** Whose database it is. */
export interface DatabaseOwner {
  /**
   * The name of the database of the person who is here now.
   * @throws where no person is signed in on this device
   */
  databaseName(): string;
  /** Registers what must be closed before what the device keeps of this person can go. */
  beforeLeaving(close: () => Promise<void>): void;
}

/** The account, which stands above this room. */
export const DATABASE_OWNER = new InjectionToken<DatabaseOwner>('owner of the local database');

/** A value of an index; of a compound one (`[a+b]`) all of its parts. */
export type IndexValue = number | string | readonly (number | string)[];

/** Which of the rows in the order of an index. */
export interface Cut {
  readonly reverse?: boolean;
  readonly offset?: number;
  readonly limit?: number;
}

/** What features ask of a table; rows without a value for an index are not in that index. */
export interface LocalTable<Row, Key = string> {
  get(key: Key): Promise<Row | undefined>;
  toArray(): Promise<Row[]>;
  count(): Promise<number>;
  put(row: Row): Promise<unknown>;
  bulkPut(rows: readonly Row[]): Promise<unknown>;
  delete(key: Key): Promise<unknown>;
  clear(): Promise<unknown>;
  /** Rows by an index, ascending unless reversed. */
  ordered(index: string, cut?: Cut): Promise<Row[]>;
  /** Rows whose index lies between two values, both included. */
  between(index: string, from: IndexValue, to: IndexValue, cut?: Cut): Promise<Row[]>;
  deleteBetween(index: string, from: IndexValue, to: IndexValue): Promise<unknown>;
}

/** The tables of one person: in IndexedDB, or in memory where the browser refuses it. */
export interface OpenTables {
  table<Row, Key = string>(name: string): LocalTable<Row, Key>;
  /** One transaction over some tables: all of it or nothing. */
  transaction<T>(tables: readonly string[], act: () => Promise<T>): Promise<T>;
}
