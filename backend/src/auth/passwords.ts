import { randomBytes } from 'node:crypto';
import bcrypt from 'bcrypt';
import { err, ok, type Result } from '#protocol/result';

/** Hashes of login secrets. Work waits its turn; `busy` means that too much of it waits already. */
export type Passwords = {
  hash(loginSecret: string): Promise<Result<string, 'busy'>>;
  /** `null` is an unknown account: the answer is no, after as long as for a known one. */
  matches(loginSecret: string, hash: string | null): Promise<Result<boolean, 'busy'>>;
};

/** `cost` is bcrypt's; `atOnce` jobs run, `waiting` more may wait. */
export type PasswordOptions = { cost?: number; atOnce?: number; waiting?: number };

/** The 43 characters of a login secret are within the 72 bytes that bcrypt reads. */
export function createPasswords({ cost = 12, atOnce = 2, waiting = 50 }: PasswordOptions = {}): Passwords {
  const inTurn = turns(atOnce, waiting);
  // Made at the start, so that not even the first unknown name takes longer than a known one.
  const nobody = bcrypt.hash(randomBytes(32).toString('base64url'), cost);
  return {
    hash: loginSecret => inTurn(() => bcrypt.hash(loginSecret, cost)),
    matches: (loginSecret, hash) =>
      inTurn(async () => {
        const same = await bcrypt.compare(loginSecret, hash ?? (await nobody));
        return same && hash !== null;
      }),
  };
}

/** Runs at most `atOnce` jobs at the same time, the others in order of asking. */
function turns(atOnce: number, waiting: number) {
  const queue: (() => void)[] = [];
  let running = 0;
  return async <T>(job: () => Promise<T>): Promise<Result<T, 'busy'>> => {
    if (running >= atOnce) {
      if (queue.length >= waiting) return err('busy');
      await new Promise<void>(resolve => queue.push(resolve));
    } else {
      running += 1;
    }
    try {
      return ok(await job());
    } finally {
      const next = queue.shift();
      if (next === undefined) running -= 1;
      else next();
    }
  };
}
