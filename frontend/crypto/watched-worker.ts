import { Calls, type Handler, type Port } from './calls.ts';

/** The library can stop answering for good: an expired session ends in a promise that never settles. */
export const SILENCE_MS = 20_000;

export interface WorkerPort extends Port {
  onerror: ((event: ErrorEvent) => void) | null;
  terminate(): void;
}

/** The worker was ended; what it was asked for is asked again by whoever needs it, of a new one. */
export class WorkerEnded extends Error {}

/**
 * A worker that is ended and started anew where it owes an answer and has said nothing for 20 s, or has failed. The time in which it
 * waits for the network, by a call of its own, does not count.
 */
export class WatchedWorker {
  readonly #start: () => WorkerPort;
  readonly #handle: Handler;
  readonly #open: (call: Calls['call']) => Promise<void>;
  #running: { worker: WorkerPort; calls: Calls; opened: Promise<void> } | undefined;
  #timer: ReturnType<typeof setTimeout> | undefined;
  /** How many workers were started. */
  starts = 0;

  /**
   * @param start makes a worker, at the first call and after each end
   * @param handle answers what the worker asks
   * @param open says to a new worker what it needs before any other call
   */
  constructor(start: () => WorkerPort, handle: Handler, open: (call: Calls['call']) => Promise<void>) {
    this.#start = start;
    this.#handle = handle;
    this.#open = open;
  }

  /** @throws {WorkerEnded} where the worker did not live to answer, else what the machine has thrown */
  async call(verb: string, input: unknown): Promise<unknown> {
    const { calls, opened } = (this.#running ??= this.#started());
    await opened;
    return calls.call(verb, input);
  }

  /** Ends the worker; the next call starts another one. */
  end(reason: string): void {
    clearTimeout(this.#timer);
    const running = this.#running;
    this.#running = undefined;
    if (!running) return;
    running.worker.onerror = null;
    running.worker.terminate();
    running.calls.end(new WorkerEnded(reason));
  }

  #started() {
    this.starts++;
    const worker = this.#start();
    const calls = new Calls(worker, this.#handle, () => this.#watch());
    worker.onerror = ({ message }) => this.end(`the worker failed: ${message}`);
    const opened = this.#open((verb, input) => calls.call(verb, input));
    // One that cannot be opened is not kept: the next call tries again.
    opened.catch((error: unknown) => this.end(error instanceof Error ? error.message : 'not opened'));
    return { worker, calls, opened };
  }

  #watch(): void {
    clearTimeout(this.#timer);
    const calls = this.#running?.calls;
    if (!calls || calls.open === 0 || calls.answering > 0) return;
    this.#timer = setTimeout(() => this.end('the worker did not answer'), SILENCE_MS);
  }
}
