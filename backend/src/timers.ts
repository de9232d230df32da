/** Durations and deadlines: a clock that never goes back, and work that comes round. Specs bring their own. */
export type Timers = {
  /** Whole ms since some moment of the past. */
  now(): number;
  /** Runs `work` every `ms` until the answer is called; it does not keep the process alive. */
  every(ms: number, work: () => void): () => void;
};

export const systemTimers: Timers = {
  now: () => Math.trunc(performance.now()),
  every: (ms, work) => {
    const timer = setInterval(work, ms);
    timer.unref();
    return () => clearInterval(timer);
  },
};
