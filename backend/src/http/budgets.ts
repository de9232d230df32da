import { RateLimiterMemory, type RateLimiterAbstract, type RateLimiterRes } from 'rate-limiter-flexible';
import { addressKey } from '../ip-address.ts';
import type { Who } from '../auth/authenticate.ts';

/** `points` uses within `seconds`. */
export type Budget = { points: number; seconds: number };

/** The budgets of the HTTP interface: wide ones that protect the machine, not the ones that stop a guesser. */
export const BUDGETS = {
  /** Sign-ins and registrations of an address: a family, a school and a proxy are one. */
  signIns: { by: 'address', points: 100, seconds: 600 },
  /** Sign-ins of a device that proved its secret: nobody else can use these up. */
  provenSignIns: { by: 'device', points: 20, seconds: 600 },
  /** Refreshes of an address: many devices renew every few minutes, and each costs a write. */
  refreshes: { by: 'address', points: 600, seconds: 60 },
  /** Refreshes of a device that proves its secret, once those of its address are used up. */
  provenRefreshes: { by: 'device', points: 20, seconds: 60 },
  /** Questions of an address whether a name is free. */
  usernames: { by: 'address', points: 20, seconds: 60 },
  /** What the holder of an invitation, or of the set-up link, learns of names: asked, or found taken when registering. */
  invitedUsernames: { points: 20, seconds: 86_400 },
  /** Codes shown by an address, right or wrong: of an invitation, a reset or the set-up. */
  codes: { by: 'address', points: 100, seconds: 600 },
  /** Invitations made by a user. */
  invitations: { by: 'user', points: 60, seconds: 3_600 },
  /** Searches of a user. */
  searches: { by: 'user', points: 60, seconds: 60 },
  /** Changes a user makes to relations: requests, answers, removals, blocks. */
  relationChanges: { by: 'user', points: 60, seconds: 600 },
  /** Test notifications of a device. */
  pushTests: { by: 'device', points: 5, seconds: 60 },
  /** Calls declined by notifications of an address. */
  pushDeclines: { by: 'address', points: 30, seconds: 60 },
  /** Questions of a user for keys of others. */
  keyQueries: { by: 'user', points: 120, seconds: 60 },
  /** Changes of what a user publishes: everybody who shares with them is told. */
  keyChanges: { by: 'user', points: 60, seconds: 60 },
  /** One-time keys that a user uses up; beyond them the fallback key is given. */
  claims: { by: 'user', points: 100, seconds: 60 },
  /** Those of one device that another device uses up. */
  claimsOfPair: { points: 5, seconds: 3_600 },
  /** To-device requests of a device. */
  toDevice: { by: 'device', points: 600, seconds: 60 },
  /** All requests of a device. */
  requests: { by: 'device', points: 1200, seconds: 60 },
} satisfies Record<string, Budget & { by?: Payer }>;

/** Whose budget it is. */
type Payer = 'address' | 'user' | 'device';
export type BudgetName = keyof typeof BUDGETS;
/** Those whose payer is known of any request; the other is the holder's of a code. */
export type RouteBudget = {
  [N in BudgetName]: (typeof BUDGETS)[N] extends { by: Payer } ? N : never;
}[BudgetName];

export type Budgets = {
  /** Takes one from a key's budget; answers with the ms to wait where it is used up, else with 0. */
  take(name: BudgetName, key: string): Promise<number>;
  /** Gives back what was taken for something that has not happened. */
  giveBack(name: BudgetName, key: string): Promise<void>;
};

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
    giveBack: async (name, key) => void (await limiters.get(name)?.reward(key)),
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

/** From which key's budget a request is paid; where nobody is signed in it is the address's. */
export function payerOf(name: RouteBudget, address: string, who: Who | undefined): string {
  const { by } = BUDGETS[name];
  if (by === 'address' || who === undefined) return addressKey(address);
  return by === 'user' ? who.userId : who.deviceId;
}
