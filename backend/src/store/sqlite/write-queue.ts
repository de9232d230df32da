import type { Worker } from 'node:worker_threads';
import { StoreError } from '../store-error.ts';
import type { FromWriter, ToWriter } from './writer.ts';
import type { Write } from './verbs.ts';
import type { Outcome } from './write-group.ts';

/** Most writes that share a transaction. */
const GROUP = 64;
/** Most writes that may wait; beyond it a write is refused as `overloaded`, so that memory does not grow. */
const WAITING = 20_000;

type Pending = { write: Write; resolve: (value: unknown) => void; reject: (error: StoreError) => void };

/**
 * Writes in the order they were asked, grouped: what is asked in one turn of the event loop, or while a group is being
 * committed, goes together. So a lone write waits for nobody, and many share a sync.
 *
 *   open ── close() ──► closing ── the last outcome ──► closed
 *    └── the thread ends by itself ──► broken
 */
export class WriteQueue {
  readonly #worker: Worker;
  #state: 'open' | 'closing' | 'closed' | 'broken' = 'open';
  #waiting: Pending[] = [];
  #committing: Pending[] = [];
  #scheduled = false;
  readonly #ended: Promise<void>;

  /** Takes over a worker that is ready. */
  constructor(worker: Worker) {
    this.#worker = worker;
    worker.on('message', (message: FromWriter) => {
      if (message.kind === 'outcomes') this.#settle(message.outcomes);
    });
    worker.on('error', error => this.#break(error));
    worker.on('messageerror', error => this.#break(error));
    this.#ended = new Promise(resolve => {
      worker.once('exit', () => {
        this.#end();
        resolve();
      });
    });
  }

  get state(): 'open' | 'broken' | 'closed' {
    return this.#state === 'closing' ? 'closed' : this.#state;
  }

  /** Resolves with the verb's answer once it is durable; rejects with a `StoreError`. */
  write(write: Write): Promise<unknown> {
    if (this.#state === 'broken') return Promise.reject(broken());
    if (this.#state !== 'open') return Promise.reject(new StoreError('closed', 'The store is closed.'));
    if (this.#waiting.length >= WAITING) {
      return Promise.reject(new StoreError('overloaded', 'The disk cannot keep up with what is to be written.'));
    }
    return new Promise((resolve, reject) => {
      this.#waiting.push({ write, resolve, reject });
      this.#schedule();
    });
  }

  /** Resolves once everything asked before is settled and the thread has closed its connection. */
  async close(): Promise<void> {
    if (this.#state === 'open') {
      this.#state = 'closing';
      if (this.#isIdle()) this.#say({ kind: 'close' });
    }
    await this.#ended;
  }

  #isIdle(): boolean {
    return this.#waiting.length === 0 && this.#committing.length === 0;
  }

  #schedule(): void {
    if (this.#scheduled || this.#committing.length > 0) return;
    this.#scheduled = true;
    setImmediate(() => {
      this.#scheduled = false;
      this.#commitNext();
    });
  }

  #commitNext(): void {
    if (this.#state === 'broken' || this.#waiting.length === 0) return;
    this.#committing = this.#waiting.splice(0, GROUP);
    this.#say({ kind: 'group', writes: this.#committing.map(({ write }) => write) });
  }

  #settle(outcomes: readonly Outcome[]): void {
    const settled = this.#committing;
    this.#committing = [];
    // First the next group, so that the disk works while the answers are read.
    this.#commitNext();
    settled.forEach(({ write, resolve, reject }, i) => {
      const outcome = outcomes[i];
      if (outcome?.ok) resolve(outcome.value);
      else reject(new StoreError(outcome?.fault ?? 'failed', `${write.verb}: ${outcome?.error ?? 'no outcome'}`));
    });
    if (this.#state === 'closing' && this.#isIdle()) this.#say({ kind: 'close' });
  }

  #end(): void {
    if (this.#state === 'closing' && this.#isIdle()) this.#state = 'closed';
    else if (this.#state !== 'closed') this.#break(new Error('the writing thread ended'));
  }

  #break(cause: unknown): void {
    this.#state = 'broken';
    const lost = [...this.#committing, ...this.#waiting];
    this.#committing = [];
    this.#waiting = [];
    for (const { reject } of lost) reject(broken(cause));
    void this.#worker.terminate();
  }

  #say(message: ToWriter): void {
    this.#worker.postMessage(message);
  }
}

const broken = (cause?: unknown): StoreError =>
  new StoreError('broken', 'The store can no longer write. Start Parley again.', cause === undefined ? {} : { cause });
