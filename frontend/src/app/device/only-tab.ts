import { DestroyRef, inject, Service, signal } from '@angular/core';

const LOCK = 'parley';
/** The other tab has this long to say that it is in a call, in ms; a frozen one does not answer. */
const ANSWER_MS = 300;

type Said = 'in a call?' | 'in a call' | 'free';

/**
 * One profile is one device with one live session: the tab that holds the Web Lock `parley` is Parley, and only it
 * refreshes, connects, rings and sends (PROTOCOL.md, Accounts and tokens).
 */
@Service()
export class OnlyTab {
  readonly #state = signal<'asking' | 'here' | 'elsewhere'>('asking');
  readonly #channel = channel();
  #waiting = new AbortController();

  readonly state = this.#state.asReadonly();
  /** Whether taking Parley away from this tab would end a call; the call keeps it. */
  readonly inCall = signal(false);

  constructor() {
    if (this.#channel)
      this.#channel.onmessage = ({ data }: MessageEvent<Said>) => {
        if (data === 'in a call?' && this.#state() === 'here') this.#say(this.inCall() ? 'in a call' : 'free');
      };
    inject(DestroyRef).onDestroy(() => {
      this.#channel?.close();
      this.#waiting.abort();
    });
  }

  /** Takes the lock if nobody has it; else waits for it to become free. */
  async start(): Promise<void> {
    const free = await this.#try();
    if (!free) this.#wait();
  }

  /** Whether the tab that is Parley now is in a call, which would end if this one took over. */
  othersCall(): Promise<boolean> {
    return new Promise(resolve => {
      const answers = channel();
      if (!answers) return resolve(false);
      const done = (busy: boolean) => {
        answers.close();
        resolve(busy);
      };
      answers.onmessage = ({ data }: MessageEvent<Said>) => data !== 'in a call?' && done(data === 'in a call');
      setTimeout(() => done(false), ANSWER_MS);
      this.#say('in a call?');
    });
  }

  /** Makes this tab Parley; the other one is told by losing the lock. */
  takeOver(): void {
    this.#waiting.abort();
    void this.#hold({ steal: true });
  }

  /** Resolves to whether the lock was free. */
  #try(): Promise<boolean> {
    return new Promise(resolve => {
      void this.#hold({ ifAvailable: true }, resolve);
    });
  }

  #wait(): void {
    this.#state.set('elsewhere');
    this.#waiting = new AbortController();
    void this.#hold({ signal: this.#waiting.signal });
  }

  // The request settles when the lock is given up, which we never do: by a rejection when it was stolen or not waited for.
  async #hold(how: LockOptions, granted: (free: boolean) => void = () => undefined): Promise<void> {
    let held = false;
    try {
      await navigator.locks.request(LOCK, how, lock => {
        granted(lock !== null);
        if (lock === null) return undefined;
        held = true;
        this.#state.set('here');
        return new Promise(() => undefined);
      });
    } catch (error) {
      if (held) return this.#wait();
      // Where site data is blocked locks are refused (Web Locks, 2.3): no other tab shares this one's sign-in.
      if (!(error instanceof DOMException && error.name === 'SecurityError')) return;
      this.#state.set('here');
      granted(true);
    }
  }

  #say(said: Said): void {
    this.#channel?.postMessage(said);
  }
}

/** Refused where site data is blocked: such a page shares nothing with other tabs, and knows of none. */
function channel(): BroadcastChannel | undefined {
  try {
    return new BroadcastChannel(LOCK);
  } catch {
    return undefined;
  }
}
