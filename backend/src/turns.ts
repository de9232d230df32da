/** Runs jobs with the same key one after the other, in the order of asking; others do not wait for them. */
export type Turns = {
  /** The job must not reject: what can fail is its own business. */
  take(key: string, job: () => Promise<void>): void;
  /** Whether a job with this key has not ended yet. */
  busy(key: string): boolean;
  /** Resolves when nothing is left to do. */
  idle(): Promise<void>;
};

export function createTurns(): Turns {
  const last = new Map<string, Promise<void>>();
  return {
    take: (key, job) => {
      const turn = (last.get(key) ?? Promise.resolve()).then(job).finally(() => {
        if (last.get(key) === turn) last.delete(key);
      });
      last.set(key, turn);
    },
    busy: key => last.has(key),
    idle: async () => {
      while (last.size > 0) await Promise.allSettled(last.values());
    },
  };
}
