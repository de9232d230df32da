/** One thing to be sent. `lane` is the push service it goes to, `key` what it replaces: the same device and tag. */
export type Sending = { lane: string; key: string; run: () => Promise<void> };

/** How many go to one service at the same time, and how many may wait in all. */
const ABREAST = 8;
const WAITING = 2_000;

/**
 * Sends in order and with bounds: a service that is slow holds up its own lane alone, what waits is replaced by newer
 * news of the same key, and two of one key are never on their way at the same time.
 */
export class SendQueue {
  readonly #waiting = new Map<string, Sending>();
  readonly #running = new Map<string, Promise<void>>();
  readonly #abreast = new Map<string, number>();

  /** Answers false where too much waits already. `run` must not reject. */
  add(sending: Sending): boolean {
    if (this.#waiting.size >= WAITING && !this.#waiting.has(sending.key)) return false;
    // What replaces goes to the end of its lane: whatever it replaced was no more urgent.
    this.#waiting.delete(sending.key);
    this.#waiting.set(sending.key, sending);
    this.#next();
    return true;
  }

  /** What waits is forgotten; what is on its way ends by itself. */
  clear(): void {
    this.#waiting.clear();
  }

  /** Resolves when nothing waits and nothing is on its way. */
  async idle(): Promise<void> {
    while (this.#running.size > 0) await Promise.all(this.#running.values());
  }

  #next(): void {
    for (const sending of this.#waiting.values()) {
      const { key, lane } = sending;
      const abreast = this.#abreast.get(lane) ?? 0;
      if (abreast >= ABREAST || this.#running.has(key)) continue;
      this.#waiting.delete(key);
      this.#abreast.set(lane, abreast + 1);
      this.#running.set(
        key,
        sending.run().finally(() => this.#ended(sending)),
      );
    }
  }

  #ended({ key, lane }: Sending): void {
    this.#running.delete(key);
    this.#abreast.set(lane, (this.#abreast.get(lane) ?? 1) - 1);
    this.#next();
  }
}
