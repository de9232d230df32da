/**
 * Operations that wait for each other by a key: those of one conversation run one after the other, so that no share is cut in two by
 * another one, and those of different conversations at once.
 */
export class Turns {
  readonly #last = new Map<string, Promise<unknown>>();

  /** Runs `act` behind everything that was asked for under this key before; what failed holds nothing up. */
  run<T>(key: string, act: () => Promise<T>): Promise<T> {
    const before = this.#last.get(key) ?? Promise.resolve();
    const running = before.then(act, act);
    const over = running.then(
      () => undefined,
      () => undefined,
    );
    this.#last.set(key, over);
    void over.then(() => {
      if (this.#last.get(key) === over) this.#last.delete(key);
    });
    return running;
  }

  /** When everything that was asked for is over. */
  async idle(): Promise<void> {
    while (this.#last.size > 0) await Promise.all(this.#last.values());
  }
}
