import { foldName } from '#protocol/search-text';
import { foldUsername } from '#protocol/username';

/** What a display name is found by: the folded name from each of its words on. "Ada M. King": ada m king, m king, king. */
export function nameKeys(displayName: string): string[] {
  const words = foldName(displayName).split(' ').filter(Boolean);
  return [...new Set(words.map((_, from) => words.slice(from).join(' ')))];
}

/** The half-open range of strings that start with `prefix`, in the order SQLite compares text (bytes of UTF-8). */
export type PrefixRange = { from: string; below: string };

const startingWith = (prefix: string): PrefixRange =>
  // An empty prefix finds nobody: no search lists everybody.
  prefix === '' ? { from: '', below: '' } : { from: prefix, below: `${prefix}\u{10ffff}` };

/** The ranges a typed prefix means among usernames and among name keys. A range needs no escaping, unlike LIKE. */
export const searchRanges = (typed: string): { username: PrefixRange; name: PrefixRange } => ({
  username: startingWith(foldUsername(typed)),
  name: startingWith(foldName(typed)),
});
