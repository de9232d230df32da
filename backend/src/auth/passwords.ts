import { randomBytes } from 'node:crypto';
import bcrypt from 'bcrypt';
import { err, ok, type Result } from '#protocol/result';

/**
 * Who waits: a device that has proved its secret or its token, or anybody. Each lane has a queue of its own and they take
 * turns, so that strangers, however many ask, cost a device that is known one job's time.
 */
export type Lane = 'proven' | 'anybody';

/** Hashes of login secrets. Work waits its turn in its lane; `busy` means that too much of it waits there already. */
export type Passwords = {
  hash(loginSecret: string, lane: Lane): Promise<Result<string, 'busy'>>;
  /** `null` is an unknown account: the answer is no, after as long as for a known one. */
  matches(loginSecret: string, hash: string | null, lane: Lane): Promise<Result<boolean, 'busy'>>;
};

/** `cost` is bcrypt's; `atOnce` jobs run, `waiting` more may wait in each lane. */
export type PasswordOptions = { cost?: number; atOnce?: number; waiting?: number };

/** The 43 characters of a login secret are within the 72 bytes that bcrypt reads. */
export function createPasswords({ cost = 12, atOnce = 2, waiting = 50 }: PasswordOptions = {}): Passwords {
  const inTurn = turns(atOnce, waiting);
  // Made at the start, so that not even the first unknown name takes longer than a known one.
  const nobody = bcrypt.hash(randomBytes(32).toString('base64url'), cost);
  return {
    hash: (loginSecret, lane) => inTurn(lane, () => bcrypt.hash(loginSecret, cost)),
    matches: (loginSecret, hash, lane) =>
      inTurn(lane, async () => {
        const same = await bcrypt.compare(loginSecret, hash ?? (await nobody));
        return same && hash !== null;
      }),
  };
}

/** Runs at most `atOnce` jobs at the same time, the others in order of asking, one lane after the other. */
function turns(atOnce: number, waiting: number) {
  const queues: Record<Lane, (() => void)[]> = { proven: [], anybody: [] };
  let order: Lane[] = ['proven', 'anybody'];
  let running = 0;
  const next = (): (() => void) | undefined => {
    const lane = order.find(one => queues[one].length > 0);
    if (lane === undefined) return undefined;
    order = [...order.filter(one => one !== lane), lane];
    return queues[lane].shift();
  };
  return async <T>(lane: Lane, job: () => Promise<T>): Promise<Result<T, 'busy'>> => {
    if (running >= atOnce) {
      if (queues[lane].length >= waiting) return err('busy');
      await new Promise<void>(resolve => queues[lane].push(resolve));
    } else {
      running += 1;
    }
    try {
      return ok(await job());
    } finally {
      const go = next();
      if (go === undefined) running -= 1;
      else go();
    }
  };
}
