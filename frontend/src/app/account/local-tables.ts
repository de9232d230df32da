import { InjectionToken } from '@angular/core';
import { type Unsent } from '../device/kept-data';

/** The tables of one feature; `version` grows with each change of them. */
export interface LocalTables {
  readonly version: number;
  /** Table name → Dexie's schema: primary key, then indexes. */
  readonly tables: Readonly<Record<string, string>>;
  /** Of these, what no server has: it outlives a session that the server ends (device/kept-data.ts). */
  readonly unsent?: Unsent;
}

/** Every feature adds its own (`{ provide: LOCAL_TABLES, useValue: chatTables, multi: true }`); names must differ. */
export const LOCAL_TABLES = new InjectionToken<readonly LocalTables[]>('local tables');

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
