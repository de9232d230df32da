import { RateLimiterMemory, type RateLimiterAbstract, type RateLimiterRes } from 'rate-limiter-flexible';
import { isIPv6 } from 'node:net';

/** So many in so many seconds. */
export type Budget = { points: number; seconds: number };

/** The budgets of the HTTP interface: wide ones that protect the machine, not the ones that stop a guesser. */
export const BUDGETS = {
  /** Sign-ins and registrations of an address: a family, a school and a proxy are one. */
  signIns: { points: 100, seconds: 600 },
  /** Sign-ins of a device that proved its secret: nobody else can use these up. */
  provenSignIns: { points: 20, seconds: 600 },
  /** Refreshes of an address: many devices renew every few minutes, and each costs a write. */
  refreshes: { points: 600, seconds: 60 },
  /** Questions of an address whether a name is free. */
  usernames: { points: 20, seconds: 60 },
  /** Questions of the holder of an invitation, or of the set-up link, whether a name is free. */
  invitedUsernames: { points: 20, seconds: 86_400 },
  /** Codes shown by an address, right or wrong: of an invitation, a reset or the set-up. */
  codes: { points: 100, seconds: 600 },
  /** Invitations made by a user. */
  invitations: { points: 60, seconds: 3_600 },
  /** Searches of a user. */
  searches: { points: 60, seconds: 60 },
  /** Requests for contacts of a user. */
  contactRequests: { points: 60, seconds: 600 },
  /** Test notifications of a device. */
  pushTests: { points: 5, seconds: 60 },
  /** Calls declined by notifications of an address. */
  pushDeclines: { points: 30, seconds: 60 },
  /** All requests of a device. */
  requests: { points: 1200, seconds: 60 },
} satisfies Record<string, Budget>;

export type BudgetName = keyof typeof BUDGETS;
/** Takes one from a key's budget; answers with the ms to wait where it is used up, else with 0. */
export type Budgets = { take(name: BudgetName, key: string): Promise<number> };

/** Where one budget is counted. */
export type LimiterFor = (name: string, budget: Budget) => RateLimiterAbstract;

/** Counts in memory: a restart forgives. */
const inMemory: LimiterFor = (name, { points, seconds }) =>
  new RateLimiterMemory({ keyPrefix: name, points, duration: seconds });

/** @param instead is laid over the usual budgets */
export function createBudgets(
  instead: Partial<Record<BudgetName, Budget>> = {},
  limiterFor: LimiterFor = inMemory,
): Budgets {
  const limiters = new Map(
    Object.entries({ ...BUDGETS, ...instead }).map(([name, budget]) => [name, limiterFor(name, budget)]),
  );
  return {
    take: async (name, key) => {
      try {
        await limiters.get(name)?.consume(key);
        return 0;
      } catch (refusal) {
        if (refusal instanceof Error) throw refusal;
        // It rejects with the state of the budget, which is no Error.
        return Math.max(1, (refusal as RateLimiterRes).msBeforeNext);
      }
    },
  };
}

/** Whose budget an address uses: IPv4 whole, IPv6 by /64, which is what one household or machine has. */
export function addressKey(address: string): string {
  const mapped = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(address)?.[1];
  if (mapped !== undefined || !isIPv6(address)) return mapped ?? address;
  const [head = '', tail] = address.replace(/%.*$/, '').split('::');
  const left = head === '' ? [] : head.split(':');
  const right = tail === undefined || tail === '' ? [] : tail.split(':');
  const groups = [...left, ...Array<string>(Math.max(0, 8 - left.length - right.length)).fill('0'), ...right];
  return groups
    .slice(0, 4)
    .map(group => Number.parseInt(group, 16).toString(16))
    .join(':');
}
