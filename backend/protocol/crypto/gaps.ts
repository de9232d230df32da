import { type DeviceId } from '#protocol/ids';

/*
 * What the server holds back is missed. A device numbers its entries of a conversation, and posts them one after the other: between two
 * entries of it that are here there are as many places of it as numbers. A place whose number is not known (retracted, expired, not
 * opened) stands for one; a number that was given up stands for nothing. That the newest entries are held back while their author
 * is silent cannot be shown.
 */

/** What stands at a place of a conversation, as far as numbers go. */
export interface NumberedPlace {
  readonly seq: number;
  /** Null where the server withholds the entry: its author is not known. */
  readonly device: DeviceId | null;
  /** Undefined: it is not known. */
  readonly number?: {
    readonly counter: number;
    /** Each from here on stands for an entry, but those that were given up. */
    readonly from: number;
    readonly but: readonly number[];
    /** When this device could read it, ms since the epoch. */
    readonly opened: number;
  };
}

/** Entries of a device that are missing directly below one that is here. */
export interface Gap {
  readonly device: DeviceId;
  /** Of the entry that is here. */
  readonly seq: number;
  readonly count: number;
  /** Since when it can be seen, ms since the epoch. */
  readonly since: number;
}

/** What is late by less is not missed, ms. */
export const GAP_SHOWN_AFTER_MS = 60_000;

type Known = NumberedPlace & { readonly number: NonNullable<NumberedPlace['number']> };

/**
 * @param places each once, ascending; where a place lies between two of them that is not among them, nothing is said of what is missing there
 * @returns what is missing, in no order; the caller leaves out what is younger than `GAP_SHOWN_AFTER_MS`
 */
export function gapsIn(places: readonly NumberedPlace[]): Gap[] {
  const devices = new Set(places.flatMap(({ device }) => device ?? []));
  return [...devices].flatMap(device => gapsOf(device, places));
}

function gapsOf(device: DeviceId, places: readonly NumberedPlace[]): Gap[] {
  const known = places.filter((place): place is Known => place.device === device && place.number !== undefined);
  const from = Math.max(...known.map(({ number }) => number.from));
  const but = new Set(known.flatMap(({ number }) => number.but));
  // What was given up, and has come all the same, may stand anywhere.
  const promised = known.filter(({ number }) => !but.has(number.counter));
  const gaps: Gap[] = [];
  let before = { seq: 0, counter: 0 };
  for (const { seq, number } of promised.sort((a, b) => a.number.counter - b.number.counter)) {
    const missing = numbersBetween(Math.max(before.counter + 1, from), number.counter, but);
    const between = missing > 0 ? places.filter(place => place.seq > before.seq && place.seq < seq) : [];
    const count = missing - between.filter(place => isBlank(place, device)).length;
    const isWhole = between.length === seq - before.seq - 1;
    if (count > 0 && isWhole) gaps.push({ device, seq, count, since: number.opened });
    before = { seq, counter: number.counter };
  }
  return gaps;
}

/** It may stand for a number of that device. */
const isBlank = ({ device, number }: NumberedPlace, of: DeviceId): boolean =>
  number === undefined && (device === null || device === of);

function numbersBetween(from: number, end: number, but: ReadonlySet<number>): number {
  const givenUp = [...but].filter(one => one >= from && one < end).length;
  return Math.max(0, end - from) - givenUp;
}
