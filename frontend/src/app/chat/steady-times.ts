/**
 * Times that never go back, for things whose order is known: what stands off the longest run that goes forward was stamped
 * by a clock that was wrong, and counts as its neighbour does.
 * @param times ms since the epoch, in the order shown
 * @param latest nothing is later than this, whatever its stamp says
 */
export function steadyTimes(times: readonly number[], latest: number): number[] {
  const clamped = times.map(time => Math.min(time, latest));
  const steady = new Set(longestForward(clamped));
  let time = clamped.find((_, i) => steady.has(i)) ?? latest;
  return clamped.map((own, i) => (time = steady.has(i) ? own : time));
}

/** The indexes of the longest run that never goes back, not necessarily of neighbours (patience sorting, n log n). */
function longestForward(times: readonly number[]): number[] {
  /** By length: where the run of that length with the smallest end ends. */
  const ends: number[] = [];
  const before: (number | undefined)[] = [];
  times.forEach((time, i) => {
    let [low, high] = [0, ends.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((times[ends[middle] ?? 0] ?? 0) <= time) low = middle + 1;
      else high = middle;
    }
    before[i] = ends[low - 1];
    ends[low] = i;
  });
  const run: number[] = [];
  for (let at = ends.at(-1); at !== undefined; at = before[at]) run.push(at);
  return run.reverse();
}
