import type { StorePage } from './page.ts';

type Key = string | number;
type Kinds = readonly ('string' | 'number')[];
type KeyOf<K extends Kinds> = { -readonly [I in keyof K]: K[I] extends 'string' ? string : number };

const MOST_ROWS = 500;

/** How many rows a verb reads when it is asked for `limit`: SQL takes a negative limit for none. */
export const bounded = (limit: number): number =>
  Number.isFinite(limit) ? Math.max(1, Math.min(MOST_ROWS, Math.trunc(limit))) : MOST_ROWS;

/** The cursor of the page behind the row with this sort key in the list called `list`. Opaque to everybody else. */
export const writeCursor = (list: string, key: readonly Key[]): string =>
  Buffer.from(JSON.stringify([list, ...key])).toString('base64url');

/**
 * The sort key to go on behind; `first` without a cursor, null for one that `writeCursor` never made for this list.
 * Numbers in a key are whole and never negative.
 */
export function readCursor<const K extends Kinds>(
  list: string,
  kinds: K,
  cursor: string | undefined,
  first: KeyOf<K>,
): KeyOf<K> | null {
  if (cursor === undefined) return first;
  const key = decode(cursor);
  if (key?.[0] !== list || key.length !== kinds.length + 1) return null;
  const fits = kinds.every((kind, i) => {
    const value = key[i + 1];
    return kind === 'string' ? typeof value === 'string' : Number.isSafeInteger(value) && Number(value) >= 0;
  });
  // `fits` has just compared each value with its kind.
  return fits ? (key.slice(1) as KeyOf<K>) : null;
}

function decode(cursor: string): unknown[] | null {
  try {
    const key: unknown = JSON.parse(Buffer.from(cursor, 'base64url').toString());
    return Array.isArray(key) ? key : null;
  } catch {
    return null;
  }
}

/** The cursor of the page behind a conversation in the list of them. */
export const conversationCursor = ({ activeAt, id }: { activeAt: number; id: string }): string =>
  writeCursor('conversations', [activeAt, id]);

/** A page out of `rows`, which were read with one more than `limit` to know whether there is a next one. */
export function pageOf<R, T>(rows: R[], limit: number, item: (row: R) => T, cursor: (last: R) => string): StorePage<T> {
  const shown = rows.slice(0, limit);
  const last = shown.at(-1);
  const items = shown.map(item);
  return rows.length > limit && last !== undefined ? { items, next: cursor(last) } : { items };
}
