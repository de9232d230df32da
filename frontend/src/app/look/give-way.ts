/**
 * Ends a task, so that the browser can draw and answer what a person does before the next one begins. A timer would be slowed
 * down in a page that is not in sight.
 */
export function giveWay(): Promise<void> {
  return new Promise(resolve => {
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = () => {
      port1.close();
      resolve();
    };
    port2.postMessage(null);
  });
}

/** Consecutive parts of a list, each of `size` or, the last, fewer. */
export const partsOf = <T>(list: readonly T[], size: number): T[][] =>
  Array.from({ length: Math.ceil(list.length / size) }, (_, i) => list.slice(i * size, (i + 1) * size));
