/** What is measured at least, ms, and how far back it reaches. */
const LEAST_MS = 1_500;
const REACH_MS = 10_000;

interface Sample {
  readonly at: number;
  readonly bytes: number;
}

/** How fast one transfer goes, from what was stored in the last seconds. */
export class TransferPace {
  #samples: readonly Sample[] = [];

  /**
   * @param at ms since any beginning
   * @param bytes stored until then; fewer than before: it began again
   */
  note(at: number, bytes: number): void {
    const last = this.#samples.at(-1);
    if (last?.bytes === bytes) return;
    const before = last !== undefined && bytes < last.bytes ? [] : this.#samples;
    this.#samples = [...before.filter(one => at - one.at <= REACH_MS), { at, bytes }];
  }

  /** How long the rest of `size` bytes takes, ms; null before that can be said. */
  leftMs(size: number): number | null {
    const [first] = this.#samples;
    const last = this.#samples.at(-1);
    if (first === undefined || last === undefined || last.at - first.at < LEAST_MS) return null;
    return ((size - last.bytes) * (last.at - first.at)) / (last.bytes - first.bytes);
  }
}
