import { MOST_GIVEN_UP } from '#protocol/crypto/envelope';
import { type MessageId } from '#protocol/ids';

/** Posts of a conversation go one after the other, so that few are sealed and not answered. */
const KEPT = 50;
/** In the place of a number: the entry was given up before it had one. */
const NONE = 0;

/** Which numbers this device has given to its entries of a conversation. */
export interface Given {
  readonly last: number;
  /** The latest ones: an entry that is sealed once more keeps its number. */
  readonly entries: readonly (readonly [id: MessageId, counter: number])[];
  /** Each number from here on stands for an entry; undefined: an older app has given them, and has not kept which it gave up. */
  readonly from?: number;
  /** But these: their entries were given up, and may be on no server. */
  readonly but?: readonly number[];
}

type Whole = Required<Given>;

export const NOTHING_GIVEN: Given = { last: 0, entries: [] };

const whole = ({ last, entries, from = last + 1, but = [] }: Given): Whole => ({ last, entries, from, but });

/** @returns the number of an entry, the same one each time that it is sealed */
export function withNumber(before: Given, id: MessageId): { readonly given: Whole; readonly counter: number } {
  const given = whole(before);
  const known = given.entries.find(([one]) => one === id)?.[1];
  if (known !== undefined && known !== NONE) return { given, counter: known };
  const counter = given.last + 1;
  const entries = [...given.entries.filter(([one]) => one !== id), [id, counter] as const].slice(-KEPT);
  const numbered = { ...given, last: counter, entries };
  return { given: known === NONE ? withGivenUp(numbered, counter) : numbered, counter };
}

/** An entry is not sent any more, or was refused for good: its number may stand for nothing. It may be given up while it is sealed. */
export function withoutEntry(before: Given, id: MessageId): Whole {
  const given = whole(before);
  const known = given.entries.find(([one]) => one === id)?.[1];
  if (known === undefined) return { ...given, entries: [...given.entries, [id, NONE] as const].slice(-KEPT) };
  return known === NONE ? given : withGivenUp(given, known);
}

/** The server was restored from a backup: it is not known which of the numbers given so far still stand for an entry. */
export const countedAnew = ({ last }: Given): Whole => ({ last, entries: [], from: last + 1, but: [] });

function withGivenUp(given: Whole, counter: number): Whole {
  if (given.but.includes(counter)) return given;
  const all = [...given.but, counter].sort((a, b) => a - b);
  const surplus = all.slice(0, Math.max(0, all.length - MOST_GIVEN_UP));
  const from = Math.max(given.from, (surplus.at(-1) ?? 0) + 1);
  return { ...given, from, but: all.slice(surplus.length).filter(one => one >= from) };
}
