import type { CallEffect } from '#protocol/call-server-events';
import type { UserId } from '#protocol/ids';

/** A write that must be durable before what stands behind it is said; false: nothing behind it may be said. */
export type Write = { readonly do: 'write'; readonly users: readonly UserId[]; run(): Promise<boolean> };
export type Saying = Exclude<CallEffect, { do: 'record' }>;
export type Step = Write | Saying;

/**
 * Performs the effects of events in order: those of one event one after the other, and those of a later event that
 * concern a user after all earlier ones that do. Where nothing waits for a write they are performed at once.
 */
export type Lanes = {
  add(steps: readonly Step[]): void;
  idle(): Promise<void>;
};

export function createLanes(say: (saying: Saying) => void, onError: (error: unknown) => void): Lanes {
  const tails = new Map<UserId, Promise<void>>();

  function trySay(saying: Saying): void {
    try {
      say(saying);
    } catch (error) {
      onError(error);
    }
  }

  async function run(before: readonly Promise<void>[], steps: readonly Step[]): Promise<void> {
    await Promise.all(before);
    for (const step of steps) {
      if (step.do !== 'write') trySay(step);
      else if (!(await step.run())) return;
    }
  }

  return {
    add: steps => {
      if (steps.every(step => step.do !== 'write' && !tails.has(step.to.userId))) {
        for (const step of steps) if (step.do !== 'write') trySay(step);
        return;
      }
      const users = [...new Set(steps.flatMap(step => (step.do === 'write' ? step.users : step.to.userId)))];
      const turn = run(
        users.flatMap(user => tails.get(user) ?? []),
        steps,
      )
        .catch(onError)
        .finally(() => {
          for (const user of users) if (tails.get(user) === turn) tails.delete(user);
        });
      for (const user of users) tails.set(user, turn);
    },
    idle: async () => {
      while (tails.size > 0) await Promise.all(tails.values());
    },
  };
}
