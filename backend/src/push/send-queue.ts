/** One thing to be sent. `lane` is the push service it goes to, `key` what it replaces: the same device and tag. */
export type Sending = {
  lane: string;
  key: string;
  /** Sends, for the `attempt`th time, from 0; answers after how many ms it is to be tried again, if at all. */
  run: (attempt: number) => Promise<number | undefined>;
};

type Waiting<S> = { sending: S; attempt: number; from: number };

/** How many go to one service at the same time, and how many may wait in all. */
const ABREAST = 8;
const WAITING = 2_000;

/**
 * Sends in order and with bounds: a service that is slow holds up its own lane alone, what waits is replaced by newer
 * news of the same key, and two of one key are never on their way at the same time. What has failed for now waits for
 * its time among the others.
 */
export class SendQueue<S extends Sending = Sending> {
  readonly #waiting = new Map<string, Waiting<S>>();
  readonly #running = new Map<string, { sending: S; done: Promise<void> }>();
  readonly #abreast = new Map<string, number>();
  readonly #resting = new Map<string, number>();
  readonly #now: () => number;
  #closed = false;

  /** @param now ms of a clock that never goes back */
  constructor(now: () => number) {
    this.#now = now;
  }

  /** Answers false where too much waits already. `run` must not reject. */
  add(sending: S): boolean {
    return this.#wait({ sending, attempt: 0, from: this.#now() });
  }

  /** Sends nothing to this service for `ms`. */
  rest(lane: string, ms: number): void {
    this.#resting.set(lane, this.#now() + ms);
  }

  /** Everything that waits or is on its way. */
  *pending(): Iterable<S> {
    for (const { sending } of this.#waiting.values()) yield sending;
    for (const { sending } of this.#running.values()) yield sending;
  }

  /** Sends what waited for its time. */
  tick(): void {
    for (const [lane, until] of this.#resting) if (until <= this.#now()) this.#resting.delete(lane);
    this.#next();
  }

  /** What waits is forgotten; what is on its way ends by itself. */
  close(): void {
    this.#closed = true;
    this.#waiting.clear();
  }

  /** Resolves when nothing is on its way: what still waits has its time before it. */
  async idle(): Promise<void> {
    while (this.#running.size > 0) await Promise.all(Array.from(this.#running.values(), ({ done }) => done));
  }

  #wait(waiting: Waiting<S>): boolean {
    const { key } = waiting.sending;
    if (this.#closed || (this.#waiting.size >= WAITING && !this.#waiting.has(key))) return false;
    // A push that replaces another one goes to the end of its lane: the one it replaced was no more urgent.
    this.#waiting.delete(key);
    this.#waiting.set(key, waiting);
    this.#next();
    return true;
  }

  #next(): void {
    const now = this.#now();
    for (const { sending, attempt, from } of this.#waiting.values()) {
      const { key, lane } = sending;
      if (from > now || this.#resting.has(lane)) continue;
      const abreast = this.#abreast.get(lane) ?? 0;
      if (abreast >= ABREAST || this.#running.has(key)) continue;
      this.#waiting.delete(key);
      this.#abreast.set(lane, abreast + 1);
      this.#running.set(key, { sending, done: this.#run(sending, attempt) });
    }
  }

  async #run(sending: S, attempt: number): Promise<void> {
    const { key, lane } = sending;
    const againMs = await sending.run(attempt);
    this.#running.delete(key);
    this.#abreast.set(lane, (this.#abreast.get(lane) ?? 1) - 1);
    // Newer news of the same has taken its place.
    if (againMs !== undefined && !this.#waiting.has(key))
      this.#wait({ sending, attempt: attempt + 1, from: this.#now() + againMs });
    this.#next();
  }
}
