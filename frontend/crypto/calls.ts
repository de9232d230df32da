/*
 * Calls across a port, both ways: the page asks the machine's worker, and the worker asks the page for the network.
 */

/** A worker, the scope of one, or a message port. */
export interface Port {
  postMessage(message: unknown): void;
  onmessage: ((event: MessageEvent) => void) | null;
}

type Passed =
  | { readonly is: 'call'; readonly id: number; readonly verb: string; readonly input: unknown }
  | { readonly is: 'answer'; readonly id: number; readonly value: unknown }
  | { readonly is: 'failure'; readonly id: number; readonly message: string }
  | { readonly is: 'alive' };

/** What a call of the other end is answered with. */
export type Handler = (verb: string, input: unknown) => Promise<unknown>;

/** Who watches whether the other end answers. */
export interface Watch {
  /** {@link Calls.oldest} may be another one. */
  changed(): void;
  /** The other end says that it waits for something that takes as long as it takes. */
  alive(): void;
}

interface Waiting {
  readonly resolve: (value: unknown) => void;
  readonly reject: (error: Error) => void;
}

export class Calls {
  readonly #port: Port;
  readonly #handle: Handler;
  readonly #watch: Watch | undefined;
  readonly #waiting = new Map<number, Waiting>();
  #last = 0;
  #answering = 0;
  #ended: Error | undefined;

  constructor(port: Port, handle: Handler, watch?: Watch) {
    this.#port = port;
    this.#handle = handle;
    this.#watch = watch;
    port.onmessage = ({ data }: MessageEvent<Passed>) => void this.#take(data);
  }

  /** The number of the first call that the other end has not answered; undefined: it has answered all. */
  get oldest(): number | undefined {
    return this.#waiting.keys().next().value;
  }

  /** Calls of the other end that it is waiting for. */
  get answering(): number {
    return this.#answering;
  }

  /** @throws what the other end has thrown, by its message */
  call(verb: string, input: unknown): Promise<unknown> {
    const id = ++this.#last;
    return new Promise((resolve, reject) => {
      if (this.#ended) throw this.#ended;
      // It throws where the input cannot be copied: nothing is waited for then.
      this.#port.postMessage({ is: 'call', id, verb, input } satisfies Passed);
      this.#waiting.set(id, { resolve, reject });
      this.#watch?.changed();
    });
  }

  /** No answer comes any more: open calls fail, later ones too. */
  end(error: Error): void {
    this.#ended = error;
    this.#port.onmessage = null;
    const waiting = [...this.#waiting.values()];
    this.#waiting.clear();
    for (const { reject } of waiting) reject(error);
  }

  /** Tells the other end that this one has not stopped, although it owes an answer. */
  alive(): void {
    this.#reply({ is: 'alive' });
  }

  async #take(passed: Passed): Promise<void> {
    if (passed.is === 'alive') return this.#watch?.alive();
    if (passed.is === 'call') return this.#answer(passed.id, passed.verb, passed.input);
    const waiting = this.#waiting.get(passed.id);
    this.#waiting.delete(passed.id);
    if (passed.is === 'answer') waiting?.resolve(passed.value);
    else waiting?.reject(new Error(passed.message));
    this.#watch?.changed();
  }

  async #answer(id: number, verb: string, input: unknown): Promise<void> {
    this.#answering++;
    try {
      this.#reply({ is: 'answer', id, value: await this.#handle(verb, input) });
    } catch (error) {
      this.#reply({ is: 'failure', id, message: error instanceof Error ? error.message : String(error) });
    } finally {
      this.#answering--;
    }
  }

  #reply(passed: Passed): void {
    if (!this.#ended) this.#port.postMessage(passed);
  }
}
