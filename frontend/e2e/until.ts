/** Long enough for two video calls on a machine that has other things to do. */
export const PATIENCE_MS = 120_000;

/** Pauses between two looks, ms: the first states come soon, and each look costs processor time of the page. */
const FIRST_PAUSE_MS = 50;
const LONGEST_PAUSE_MS = 400;

/**
 * Waits for a state, looking again and again, each time after a longer pause.
 * @param what said when it never comes
 * @param patience in ms
 * @returns the first value that `isIt` accepts
 */
export async function until<T>(
  what: string,
  look: () => Promise<T>,
  isIt: (seen: T) => boolean,
  patience = PATIENCE_MS,
): Promise<T> {
  const end = Date.now() + patience;
  let seen = await look();
  for (let pause = FIRST_PAUSE_MS; !isIt(seen); pause = Math.min(1.5 * pause, LONGEST_PAUSE_MS)) {
    if (Date.now() > end) throw new Error(`never: ${what}; last seen: ${JSON.stringify(seen)}`);
    await new Promise(resolve => setTimeout(resolve, pause));
    seen = await look();
  }
  return seen;
}
