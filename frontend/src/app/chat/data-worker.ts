import { inject, InjectionToken, Service } from '@angular/core';
import { type Page } from '#protocol/api/page';
import { type RetractedMessage } from '#protocol/chat-frames';
import { err, type Result } from '#protocol/result';
import { type Failure } from '../account/fetch-json';
import { type Plain } from '../crypto/opened';
import { type Conversation, type Listed, type Stored } from './conversation';
import { type FromDataWorker, type ToDataWorker } from './data-frames';

/** Starts the worker; undefined where there is none, and the page does its work. */
export const START_DATA_WORKER = new InjectionToken<() => Worker | undefined>('starts the data worker', {
  factory: () => () =>
    'Worker' in globalThis ? new Worker(new URL('./data.worker', import.meta.url), { type: 'module' }) : undefined,
});

/** The page's end of the data worker (data.worker.ts), which is started when it is first asked. */
@Service()
export class DataWorker {
  readonly #start = inject(START_DATA_WORKER);
  readonly #asked = new Map<number, (answer: FromDataWorker | undefined) => void>();
  #worker: Worker | undefined | null = null;
  #last = 0;

  /** Whether there is one. One that fails is not started again: from then on the page does its work. */
  isThere(): boolean {
    if (this.#worker === null) this.#worker = this.#started();
    return this.#worker !== undefined;
  }

  /**
   * Fetches a page of the list.
   * @param plain where plain messages are taken
   * @returns the page, and the number by which its entries are stored
   */
  async list(path: string, token: string, plain: Plain): Promise<{ n: number; listed: Result<Page<Listed>, Failure> }> {
    const n = ++this.#last;
    const answer = await this.#ask({ ask: 'list', n, path, token, plain });
    return answer && 'listed' in answer ? answer : { n, listed: err({ kind: 'unreachable' }) };
  }

  /**
   * Stores the entries of a page with the conversations that then hold them.
   * @param database its name; undefined where there is none
   * @returns nothing where that is done; else the entries, or that they are lost with the worker
   */
  async keep(
    n: number,
    database: string | undefined,
    after: readonly Conversation[],
    gone: readonly RetractedMessage[],
  ): Promise<{ readonly unkept: readonly Stored[] } | 'lost' | undefined> {
    const answer = await this.#ask({ ask: 'keep', n, database, after, gone });
    if (!answer || !('unkept' in answer)) return 'lost';
    return answer.unkept && { unkept: answer.unkept };
  }

  #ask(asked: ToDataWorker): Promise<FromDataWorker | undefined> {
    return new Promise(resolve => {
      if (!this.#worker) return resolve(undefined);
      this.#asked.set(asked.n, resolve);
      this.#worker.postMessage(asked);
    });
  }

  #started(): Worker | undefined {
    try {
      const worker = this.#start();
      if (!worker) return undefined;
      worker.onmessage = ({ data }: MessageEvent<FromDataWorker>) => this.#answered(data.n, data);
      worker.onerror = () => this.#failed();
      return worker;
    } catch {
      return undefined;
    }
  }

  #answered(n: number, answer: FromDataWorker | undefined): void {
    this.#asked.get(n)?.(answer);
    this.#asked.delete(n);
  }

  #failed(): void {
    this.#worker?.terminate();
    this.#worker = undefined;
    for (const n of [...this.#asked.keys()]) this.#answered(n, undefined);
  }
}
