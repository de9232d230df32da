/**
 * Waits for a state, looking every few milliseconds.
 *
 * @param what names the state in the message of the failure
 * @param patienceMs how long at most
 */
export async function until(what: string, holds: () => boolean | Promise<boolean>, patienceMs = 20_000): Promise<void> {
  const deadline = performance.now() + patienceMs;
  while (!(await holds())) {
    if (performance.now() > deadline) throw new Error(`still waiting for: ${what}`);
    await new Promise(resolve => setTimeout(resolve, 5));
  }
}
