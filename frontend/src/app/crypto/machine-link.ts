import { inject, Service, signal } from '@angular/core';
import { Subject, type Observable } from 'rxjs';
import * as z from 'zod/mini';
import type { MachineVerbs, PageVerbs } from '../../../crypto/contract.ts';
import { random, type Bytes } from '../../../crypto/bytes.ts';
import { StoreClosed } from '../../../crypto/store-fault.ts';
import { WatchedWorker } from '../../../crypto/watched-worker.ts';
import { Account } from '../account/account';
import { Api } from '../account/api';
import { MACHINE_START } from './start-machine';
import { STORE_KEY_BYTES, storeKey } from '../device/store-key';
import { StorageState } from '../device/storage-state';
import { Untold } from './untold';

type Input<V extends keyof MachineVerbs> = Parameters<MachineVerbs[V]>[0];
type Answer<V extends keyof MachineVerbs> = Awaited<ReturnType<MachineVerbs[V]>>;
type Noticed = Parameters<PageVerbs['noticed']>[0];

/**
 * Where the machine of this device is. `waiting`: another tab has it and does not answer; `elsewhere`: another tab has asked for it
 * and has it now.
 */
export type MachineState = 'closed' | 'opening' | 'waiting' | 'open' | 'elsewhere';

/**
 * The page's end of the machine of end-to-end encryption (frontend/crypto), which runs in a worker and is opened by the first call.
 * It has no token: what it asks the server for, the page asks in its place.
 */
@Service()
export class MachineLink {
  readonly #account = inject(Account);
  readonly #api = inject(Api);
  readonly #how = inject(MACHINE_START);
  readonly #storage = inject(StorageState);
  readonly #state = signal<MachineState>('closed');
  readonly #noticed = new Subject<Noticed>();
  readonly #untold = new Untold();
  readonly #verbs: PageVerbs = {
    ask: asked => this.#ask(asked),
    noticed: async what => {
      this.#noticed.next(what);
      return null;
    },
    waiting: async () => {
      this.#state.set('waiting');
      return null;
    },
    handedOver: async () => {
      this.#worker.end('another tab has the machine');
      this.#state.set('elsewhere');
      return null;
    },
  };
  readonly #worker = new WatchedWorker(
    () => this.#how.start(),
    (verb, input) => this.#handle(verb, input),
    call => this.#open(call),
  );

  readonly state = this.#state.asReadonly();
  /** Lists of devices that were refused: the person must be told of each. */
  readonly noticed: Observable<Noticed> = this.#noticed.asObservable();

  constructor() {
    this.#account.beforeLeaving(() => this.close());
  }

  /** @throws what the machine has thrown, and where its worker ended before it answered: then the same can be asked again */
  async call<V extends keyof MachineVerbs>(verb: V, input: Input<V>): Promise<Answer<V>> {
    this.#untold.add(verb, input);
    return (await this.#told(this.#worker.call(verb, input), verb, input)) as Answer<V>;
  }

  /** What must not be lost is kept until it was answered. */
  async #told(answer: Promise<unknown>, verb: string, input: unknown): Promise<unknown> {
    const value = await answer;
    this.#untold.remove(verb, input);
    return value;
  }

  /** Lets what runs end, and closes the store. The next call opens it again. */
  async close(): Promise<void> {
    // One that does not close is ended.
    if (this.#state() === 'open') await this.call('close', null).catch(() => undefined);
    this.#worker.end('closed');
    this.#state.set('closed');
  }

  async #open(call: (verb: string, input: unknown) => Promise<unknown>): Promise<void> {
    this.#state.set('opening');
    try {
      const name = this.#account.keysName();
      const key = await this.#storeKey(`${name}-key`);
      const input: Input<'open'> = {
        own: this.#account.address(),
        storeName: key && `${name}-machine`,
        storeKey: key ?? random(STORE_KEY_BYTES),
        wasm: this.#how.wasm,
      };
      const fault = (await call('open', input)) as Answer<'open'>;
      if (fault) throw new StoreClosed(fault);
      // Before anything else is asked. What is not heard now stays for the next opening.
      for (const one of this.#untold.all()) this.#told(call(...one), ...one).catch(() => undefined);
      this.#state.set('open');
    } catch (error) {
      this.#state.set('closed');
      throw error;
    }
  }

  /** Null where the browser keeps not even who is here: then this device lives as long as its page, and so do its keys. */
  async #storeKey(name: string): Promise<Bytes | null> {
    try {
      return await storeKey(name);
    } catch (error) {
      if (this.#storage.refusal() === 'identity') return null;
      throw error instanceof StoreClosed ? error : new StoreClosed('refused', error);
    }
  }

  #handle(verb: string, input: unknown): Promise<unknown> {
    const act = (this.#verbs as unknown as Readonly<Record<string, (input: unknown) => Promise<unknown>>>)[verb];
    return act ? act(input) : Promise.reject(new Error(`the page has no verb ${verb}`));
  }

  async #ask({ method, path, body }: Parameters<PageVerbs['ask']>[0]): ReturnType<PageVerbs['ask']> {
    const answer = await this.#api.request(method, path, { body, answer: z.unknown() });
    if (answer.ok) return { value: answer.value };
    if (answer.error.kind === 'problem') return { refused: answer.error.problem.type };
    throw new Error(`the server is ${answer.error.kind}`);
  }
}
