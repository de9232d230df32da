import type { Clock } from '../clock.ts';
import type { Timers } from '../timers.ts';

/** Time that passes only when a spec says so: wall clock and timers in one. */
export class ManualTime implements Timers {
  #now = 0;
  readonly #rounds = new Set<{ every: number; due: number; work: () => void }>();

  /** The wall clock: some day in 2026. */
  readonly clock: Clock = { now: () => 1_790_000_000_000 + this.#now };

  now(): number {
    return this.#now;
  }

  every(ms: number, work: () => void): () => void {
    const round = { every: ms, due: this.#now + ms, work };
    this.#rounds.add(round);
    return () => void this.#rounds.delete(round);
  }

  /** Lets `ms` pass: whatever comes round meanwhile does so, in order. */
  pass(ms: number): void {
    const end = this.#now + ms;
    for (;;) {
      const next = [...this.#rounds].sort((a, b) => a.due - b.due)[0];
      if (!next || next.due > end) break;
      this.#now = next.due;
      next.due += next.every;
      next.work();
    }
    this.#now = end;
  }
}
