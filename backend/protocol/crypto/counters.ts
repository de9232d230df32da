import { type DeviceId } from '#protocol/ids';

/*
 * Each device counts its entries of a conversation from 1, inside the plaintext (gaps.ts says what of them is missed). And each entry
 * says what its author's device had of the others, so that one held back from the author alone can be told.
 */

/** Counters without a gap, from the first to the last. */
export type Run = readonly [first: number, last: number];

/** What was heard of one device. */
export interface HeardOf {
  /** In rising order, with a gap between each two. */
  readonly runs: readonly Run[];
}
export type Heard = ReadonlyMap<DeviceId, HeardOf>;

export const NOTHING_HEARD: Heard = new Map();

/**
 * Of one device. Only a device that leaves out counters on purpose has more gaps: then the two lowest runs become one, and what is
 * between them is missed no more.
 */
export const MOST_RUNS = 100;

/** Counts an entry of a device. Entries may arrive in any order; one that was counted before changes nothing. */
export function withCounter(heard: Heard, device: DeviceId, counter: number): Heard {
  const { runs } = heard.get(device) ?? { runs: [] };
  if (runs.some(([first, last]) => first <= counter && counter <= last)) return heard;
  return new Map(heard).set(device, { runs: limited(withOne(runs, counter)) });
}

/** How many entries of other devices than `own` were heard, and the text whose hash says which. */
export function seenOf(heard: Heard, own: DeviceId): { count: number; text: string } {
  const others = [...heard].filter(([device]) => device !== own).sort(([a], [b]) => (a < b ? -1 : 1));
  return {
    count: others.reduce((sum, [, { runs }]) => sum + sizeOf(runs), 0),
    text: others.map(([device, { runs }]) => `${device} ${runs.map(run => run.join('-')).join(' ')}\n`).join(''),
  };
}

function withOne(runs: readonly Run[], counter: number): Run[] {
  const below = runs.filter(([, last]) => last < counter);
  const above = runs.filter(([first]) => first > counter);
  const [lower, upper] = [below.at(-1), above[0]];
  const isUp = lower?.[1] === counter - 1;
  const isDown = upper?.[0] === counter + 1;
  const joined: Run = [isUp ? lower[0] : counter, isDown ? upper[1] : counter];
  return [...(isUp ? below.slice(0, -1) : below), joined, ...(isDown ? above.slice(1) : above)];
}

function limited(runs: readonly Run[]): readonly Run[] {
  const [lowest, next, ...others] = runs;
  return runs.length > MOST_RUNS && lowest && next ? [[lowest[0], next[1]], ...others] : runs;
}

const sizeOf = (runs: readonly Run[]): number => runs.reduce((sum, [first, last]) => sum + last - first + 1, 0);
