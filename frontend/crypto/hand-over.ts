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
 * lock is never stolen: who has it is asked, lets its work end, closes the machine and releases. Of several tabs that ask, the last one
 * has it in the end.
 * @param name of the store
 * @param waiting called every 3 s while the other tab has not released it: until then this one reads what is kept, and queues
 */
export async function takeMachine(name: string, waiting: () => void): Promise<Held> {
  const channel = new BroadcastChannel(`${CHANNEL} ${name}`);
  // From the start: a tab that asks while this one still waits comes behind it, and asks once.
  const wanted = new Promise<void>(resolve => (channel.onmessage = () => resolve()));
  let release = () => undefined as void;
  const over = new Promise<void>(resolve => (release = resolve));
  const late = setInterval(waiting, HAND_OVER_MS);
  try {
    await new Promise<void>((resolve, reject) => {
      channel.postMessage('wanted');
      navigator.locks
        .request(`${CHANNEL} ${name}`, () => {
          resolve();
          return over;
        })
        .catch(reject);
    });
  } catch (error) {
    channel.close();
    throw error;
  } finally {
    clearInterval(late);
  }
  return {
    wanted,
    release: () => {
      channel.close();
      release();
    },
  };
}
