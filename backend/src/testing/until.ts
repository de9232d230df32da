/** Between two looks, ms: little beside what is waited for, and long enough to leave the processor to who does it. */
const LOOK_MS = 5;

/** Waits for a state of another process. What comes of one's own process is there after some turns of it (`setImmediate`). */
export async function until(holds: () => boolean | Promise<boolean>): Promise<void> {
  while (!(await holds())) await new Promise(resolve => setTimeout(resolve, LOOK_MS));
}
