import type { SQLOutputValue } from 'node:sqlite';
import type { AnyId } from '#protocol/ids';
import type { Row } from './database.ts';

/** Reads one column; another type than it stands for is a defect of this program and throws. */
type Column<T> = (value: SQLOutputValue | undefined) => T;

const wrong = (expected: string, value: unknown): TypeError =>
  new TypeError(`a column holds ${value === null ? 'null' : typeof value} instead of ${expected}`);

export const text: Column<string> = value => {
  if (typeof value !== 'string') throw wrong('text', value);
  return value;
};
/** The id that its column is for, of the kind that the row's type says: this program has written it. */
export const idText = <Id extends AnyId>(value: SQLOutputValue | undefined): Id => text(value) as Id;
export const integer: Column<number> = value => {
  if (typeof value !== 'number') throw wrong('an integer', value);
  return value;
};
export const flag: Column<boolean> = value => integer(value) === 1;
export const bytes: Column<Uint8Array> = value => {
  if (!(value instanceof Uint8Array)) throw wrong('bytes', value);
  return value;
};
/** Text that this program has written as JSON of that type. */
export const json = <T>(value: SQLOutputValue | undefined): T => JSON.parse(text(value)) as T;
export const nullable =
  <T>(column: Column<T>): Column<T | null> =>
  value =>
    value === null ? null : column(value);
export const oneOf =
  <const T extends string>(words: readonly T[]): Column<T> =>
  value => {
    const word = words.find(known => known === value);
    if (word === undefined) throw wrong(words.join(', '), value);
    return word;
  };

/** The typed value a row stands for: one property a column, of the same name; other columns are left out. */
export function columns<T extends object>(shape: { [K in keyof T]: Column<T[K]> }): (row: Row) => T {
  const readers = Object.entries<Column<unknown>>(shape);
  // Object.fromEntries loses the names that `shape` proves.
  return row => Object.fromEntries(readers.map(([name, read]) => [name, read(row[name])])) as T;
}

/** One value of one row: `column('lastSeq', integer)`. */
export const column =
  <T>(name: string, read: Column<T>): ((row: Row) => T) =>
  row =>
    read(row[name]);

/** Null where there is no row. */
export const maybe = <T>(row: Row | undefined, read: (row: Row) => T): T | null => (row ? read(row) : null);
