import { type Row } from './timeline';

/**
 * Rows as they are now, where one that says what it said before is that one: what is drawn of it is not looked at again. A mark
 * or a letter that is typed else draws each of some hundred bubbles.
 */
export function withUnchanged(before: readonly Row[], now: readonly Row[]): Row[] {
  const known = new Map(before.map(row => [row.key, row]));
  return now.map(row => {
    const was = known.get(row.key);
    return was && isAlike(was, row) ? was : row;
  });
}

/** Every field the same; of a run of calls, each of them. */
function isAlike(a: object, b: object): boolean {
  const [one, other] = [Object.entries(a), new Map<string, unknown>(Object.entries(b))];
  return one.length === other.size && one.every(([name, value]) => isSameValue(value, other.get(name)));
}

function isSameValue(a: unknown, b: unknown): boolean {
  if (!Array.isArray(a) || !Array.isArray(b)) return a === b;
  return a.length === b.length && a.every((value, i) => value === b[i]);
}
