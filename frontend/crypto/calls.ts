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
  | { readonly is: 'failure'; readonly id: number; readonly message: string };

/** What a call of the other end is answered with. */
export type Handler = (verb: string, input: unknown) => Promise<unknown>;

interface Waiting {
  readonly resolve: (value: unknown) => void;
  readonly reject: (error: Error) => void;
}

export class Calls {
  readonly #port: Port;
  readonly #handle: Handler;
  readonly #heard: () => void;
  readonly #waiting = new Map<number, Waiting>();
  #last = 0;
  #answering = 0;

  /** @param heard called with each message that comes and each answer that goes: the other end lives, or is waited for by us */
  constructor(port: Port, handle: Handler, heard: () => void = () => undefined) {
    this.#port = port;
    this.#handle = handle;
    this.#heard = heard;
    port.onmessage = ({ data }: MessageEvent<Passed>) => void this.#take(data);
  }

  /** Calls that the other end has not answered. */
  get open(): number {
    return this.#waiting.size;
  }

  /** Calls of the other end that it is waiting for. */
  get answering(): number {
    return this.#answering;
  }

  /** @throws what the other end has thrown, by its message */
  call(verb: string, input: unknown): Promise<unknown> {
    const id = ++this.#last;
    return new Promise((resolve, reject) => {
      this.#waiting.set(id, { resolve, reject });
      this.#post({ is: 'call', id, verb, input });
      this.#heard();
    });
  }

  /** No answer comes any more. */
  end(error: Error): void {
    this.#port.onmessage = null;
    const waiting = [...this.#waiting.values()];
    this.#waiting.clear();
    for (const { reject } of waiting) reject(error);
  }

  async #take(passed: Passed): Promise<void> {
    if (passed.is === 'call') return this.#answer(passed.id, passed.verb, passed.input);
    const waiting = this.#waiting.get(passed.id);
    this.#waiting.delete(passed.id);
    if (passed.is === 'answer') waiting?.resolve(passed.value);
    else waiting?.reject(new Error(passed.message));
    this.#heard();
  }

  async #answer(id: number, verb: string, input: unknown): Promise<void> {
    this.#answering++;
    this.#heard();
    try {
      this.#post({ is: 'answer', id, value: await this.#handle(verb, input) });
    } catch (error) {
      this.#post({ is: 'failure', id, message: error instanceof Error ? error.message : String(error) });
    }
    this.#answering--;
    this.#heard();
  }

  #post(passed: Passed): void {
    this.#port.postMessage(passed);
  }
}
