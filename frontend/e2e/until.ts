/** Long enough for two video calls on a machine that has other things to do. */
export const PATIENCE_MS = 120_000;

/**
 * Waits for a state, looking again and again.
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
  while (!isIt(seen)) {
    if (Date.now() > end) throw new Error(`never: ${what}; last seen: ${JSON.stringify(seen)}`);
    await new Promise(resolve => setTimeout(resolve, 100));
    seen = await look();
  }
  return seen;
}
