/**
 * Does something one time: later calls get the result of the first. Where it fails, all that wait for it get the error, and the
 * next call does it again.
 */
export function once<A extends readonly unknown[], T>(act: (...given: A) => Promise<T>): (...given: A) => Promise<T> {
  let done: Promise<T> | undefined;
  return (...given) => {
    done ??= act(...given).catch((error: unknown) => {
      done = undefined;
      throw error;
    });
    return done;
  };
}
