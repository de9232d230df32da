import { type Range } from './range';

/** The places of a conversation that one drawn message stands for. */
export interface Place {
  /** Its own seq, or the first of the withheld ones directly before it, which are not drawn. */
  readonly from: number;
  readonly seq: number;
}

/**
 * What a person has read on this page. A mark says "everything up to here", so it moves to a message that was in view long
 * enough only where each message before it was shown, too.
 */
export interface Reading {
  /** Everything up to this seq is read. */
  readonly mark: number;
  /** Runs above the mark that were shown: in view, if only for a moment, or scrolled across. Ascending, apart. */
  readonly shown: readonly Range[];
  /** Seqs above the mark that were in view long enough. */
  readonly seen: ReadonlySet<number>;
  /** Since when each seq above the mark that is in view has been there, ms. */
  readonly since: ReadonlyMap<number, number>;
}

/** What is in view at a moment, on a visible page and with nothing over it. */
export interface Look {
  /** ms, of a clock that is never set */
  readonly at: number;
  readonly inView: readonly Place[];
  /** What was scrolled across since the last look (`between`). */
  readonly across: readonly Place[];
  /** How long a message must be in view to be seen, ms. */
  readonly seenAfter: number;
}

export const NOTHING_READ: Reading = { mark: 0, shown: [], seen: new Set(), since: new Map() };
/** Nobody can see the page. */
export const LOOKED_AWAY: Pick<Look, 'inView' | 'across'> = { inView: [], across: [] };

/** One more look at the page. */
export function looked(reading: Reading, { at, inView, across, seenAfter }: Look): Reading {
  const above = inView.filter(({ seq }) => seq > reading.mark);
  const since = new Map(above.map(({ seq }) => [seq, reading.since.get(seq) ?? at]));
  const long = [...since].filter(([, from]) => at - from >= seenAfter).map(([seq]) => seq);
  const shown = [...inView, ...across].map(({ from, seq }) => ({ from, to: seq }));
  return advanced({
    mark: reading.mark,
    shown: runs([...reading.shown, ...shown]),
    seen: new Set([...reading.seen, ...long]),
    since,
  });
}

/** A person has deliberately gone past everything up to `seq`, by going to the newest message. */
export const passed = (reading: Reading, seq: number): Reading =>
  seq <= reading.mark
    ? reading
    : advanced({ ...reading, shown: runs([...reading.shown, { from: reading.mark + 1, to: seq }]) });

/** Everything up to `mark` is read, on another device or because nothing of it is unread. */
export const readUpTo = (reading: Reading, mark: number): Reading =>
  mark <= reading.mark ? reading : advanced({ ...reading, mark });

/** In how many ms something that is in view at `at` will have been seen; undefined where all of it has. */
export function dueIn({ since, seen }: Reading, at: number, seenAfter: number): number | undefined {
  const waiting = [...since].filter(([seq]) => !seen.has(seq)).map(([, from]) => from + seenAfter - at);
  return waiting.length === 0 ? undefined : Math.max(0, Math.min(...waiting));
}

/**
 * What was scrolled across from one view to the next: what is drawn between the two.
 * @param drawn ascending
 */
export function between(drawn: readonly Place[], before: readonly Place[], now: readonly Place[]): readonly Place[] {
  const [first, last] = [before[0]?.seq, before.at(-1)?.seq];
  const [from, to] = [now[0]?.seq, now.at(-1)?.seq];
  if (first === undefined || last === undefined || from === undefined || to === undefined) return [];
  return drawn.filter(({ seq }) => (seq > last && seq < from) || (seq > to && seq < first));
}

function advanced(reading: Reading): Reading {
  const next = reading.shown.find(({ from, to }) => from <= reading.mark + 1 && to > reading.mark);
  const mark = Math.max(reading.mark, ...[...reading.seen].filter(seq => next !== undefined && seq <= next.to));
  const isAbove = (seq: number): boolean => seq > mark;
  return {
    mark,
    shown: reading.shown.filter(({ to }) => isAbove(to)),
    seen: new Set([...reading.seen].filter(isAbove)),
    since: new Map([...reading.since].filter(([seq]) => isAbove(seq))),
  };
}

/** Ranges as runs that neither touch nor overlap, ascending. */
function runs(ranges: readonly Range[]): Range[] {
  const out: Range[] = [];
  for (const { from, to } of ranges.toSorted((a, b) => a.from - b.from)) {
    const last = out.at(-1);
    if (last && from <= last.to + 1) out[out.length - 1] = { from: last.from, to: Math.max(last.to, to) };
    else out.push({ from, to });
  }
  return out;
}
