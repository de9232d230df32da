/** The tab that is asked for the machine has so long to let its work end, ms. */
export const HAND_OVER_MS = 3_000;

/** The right to the one machine of a profile. */
export interface Held {
  /** Resolves when another tab asks for the machine. */
  readonly wanted: Promise<void>;
  /** After the machine was closed: the next one may open its store. */
  release(): void;
}

const CHANNEL = 'parley-crypto';

/**
 * Waits for the right to open the machine of this profile. Two machines on one store would use places of a session twice, so the
 * lock is never stolen: who has it is asked, lets its work end, closes the machine and releases.
 * @param name of the store
 * @param waiting called where the other tab has not answered in time: until it is closed this one reads what is kept, and queues
 */
export async function takeMachine(name: string, waiting: () => void): Promise<Held> {
  const channel = new BroadcastChannel(`${CHANNEL} ${name}`);
  let release = () => undefined as void;
  const over = new Promise<void>(resolve => (release = resolve));
  await new Promise<void>((resolve, reject) => {
    const late = setTimeout(waiting, HAND_OVER_MS);
    channel.postMessage('wanted');
    navigator.locks
      .request(`${CHANNEL} ${name}`, () => {
        clearTimeout(late);
        resolve();
        return over;
      })
      .catch((error: unknown) => {
        clearTimeout(late);
        reject(error instanceof Error ? error : new Error('no lock', { cause: error }));
      });
  });
  const wanted = new Promise<void>(resolve => (channel.onmessage = () => resolve()));
  return {
    wanted,
    release: () => {
      channel.close();
      release();
    },
  };
}
