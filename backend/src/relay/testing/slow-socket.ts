import { Duplex } from 'node:stream';

/** What a TURN stream needs of a socket, which drains when a spec lets it. */
export class SlowSocket extends Duplex {
  readonly remoteAddress = '203.0.113.9';
  readonly remotePort = 40_000;
  /** Told of each write that has gone. */
  drained: (bytes: Buffer) => void = () => undefined;
  #held: (() => void)[] | null = null;

  setNoDelay(): void {}
  setTimeout(): void {}

  /** From now on nothing goes. */
  hold(): void {
    this.#held = [];
  }

  /** All that waits goes; resolves when its writers know. */
  release(): Promise<void> {
    const held = this.#held ?? [];
    this.#held = null;
    for (const go of held) go();
    return new Promise(resolve => setImmediate(resolve));
  }

  override _read(): void {}

  override _write(bytes: Buffer, _encoding: string, done: () => void): void {
    const go = () => {
      this.drained(bytes);
      done();
    };
    if (this.#held === null) go();
    else this.#held.push(go);
  }
}
