import { Calls, type Handler, type Port } from './calls.ts';

/** The library can stop answering for good: an expired session ends in a promise that never settles. */
export const SILENCE_MS = 20_000;

/** How often it is looked whether it has stopped. A device that slept in between counts as one look. */
const LOOK_MS = 1_000;

export interface WorkerPort extends Port {
  onerror: ((event: ErrorEvent) => void) | null;
  terminate(): void;
}

/** The worker was ended: the caller may ask again, of a new one. */
export class WorkerEnded extends Error {}

interface Running {
  readonly worker: WorkerPort;
  readonly calls: Calls;
  readonly opened: Promise<void>;
}

/**
 * A worker that is ended, and replaced at the next call, where it has failed or the oldest call has waited for 20 s. Answers to later
 * calls change nothing about that, because one promise of the library can hang while others settle. Time in which the worker itself
 * waits for an answer of the page, as for the network, is left out.
 */
export class WatchedWorker {
  readonly #start: () => WorkerPort;
  readonly #handle: Handler;
  readonly #open: (call: Calls['call']) => Promise<void>;
  #running: Running | undefined;
  #looks: ReturnType<typeof setInterval> | undefined;
  #oldest: number | undefined;
  #silentLooks = 0;
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
    const { calls, opened } = this.#running ?? this.#started();
    await opened;
    return calls.call(verb, input);
  }

  /** Ends the worker; the next call starts another one. */
  end(reason: string): void {
    if (this.#running) this.#end(this.#running.calls, new WorkerEnded(reason));
  }

  #started(): Running {
    this.starts++;
    const worker = this.#start();
    const calls: Calls = new Calls(worker, this.#handle, {
      changed: () => this.#watch(),
      alive: () => (this.#silentLooks = 0),
    });
    worker.onerror = ({ message }) => this.#end(calls, new WorkerEnded(`the worker failed: ${message}`));
    // Behind the assignment below: what is said to it while it opens is watched as all else.
    const opened = Promise.resolve().then(() => this.#open((verb, input) => calls.call(verb, input)));
    const running = { worker, calls, opened };
    this.#running = running;
    // One that cannot be opened is not kept: the next call tries again.
    opened.catch((error: unknown) => this.#end(calls, new WorkerEnded('the worker was not opened', { cause: error })));
    return running;
  }

  /** Does nothing where another worker runs by now. */
  #end(calls: Calls, error: WorkerEnded): void {
    const running = this.#running;
    if (running?.calls !== calls) return;
    this.#running = undefined;
    this.#watch();
    running.worker.onerror = null;
    running.worker.terminate();
    calls.end(error);
  }

  /** Looks each second while an answer is owed. */
  #watch(): void {
    const oldest = this.#running?.calls.oldest;
    if (oldest === this.#oldest && (oldest === undefined) === (this.#looks === undefined)) return;
    this.#oldest = oldest;
    this.#silentLooks = 0;
    clearInterval(this.#looks);
    this.#looks = oldest === undefined ? undefined : setInterval(() => this.#look(), LOOK_MS);
  }

  #look(): void {
    const running = this.#running;
    if (!running || running.calls.answering > 0) return;
    this.#silentLooks++;
    if (this.#silentLooks * LOOK_MS >= SILENCE_MS)
      this.#end(running.calls, new WorkerEnded('the worker did not answer'));
  }
}
