import { Service, signal } from '@angular/core';

/**
 * What the browser has refused to keep since this page was opened:
 * - `identity`: not even who is signed in (site data blocked, private mode): the sign-in ends with the page;
 * - `messages`: a person's database alone (damaged, locked): messages are here as long as the page;
 * - `newer`: the same because a newer version of the app has made that database: it is left as it is.
 */
export type Refusal = 'identity' | 'messages' | 'newer';

const WEIGHT: readonly Refusal[] = ['messages', 'newer', 'identity'];

/** Whether this device keeps what it should; those who find that it does not say so here, and go on without. */
@Service()
export class StorageState {
  readonly #refusal = signal<Refusal | undefined>(undefined);
  /** The gravest refusal so far. */
  readonly refusal = this.#refusal.asReadonly();

  refused(what: Refusal): void {
    this.#refusal.update(now => (now && WEIGHT.indexOf(now) >= WEIGHT.indexOf(what) ? now : what));
  }
}

/** A browser that does not answer within this, ms, has refused: WebKit is known to leave `indexedDB.open` unanswered. */
export const STORAGE_MS = 5_000;

/** A machine that sleeps, or a clock that is set, ends a long timer at once: time is counted in pieces, which pass while the page runs. */
const PIECES = 5;

/** @throws where `asked` does, or does not settle in time */
export function answered<T>(asked: Promise<T>, ms = STORAGE_MS): Promise<T> {
  let timer: ReturnType<typeof setInterval>;
  let passed = 0;
  const late = new Promise<never>((_, reject) => {
    timer = setInterval(() => {
      if (++passed === PIECES) reject(new Error('the storage does not answer'));
    }, ms / PIECES);
  });
  return Promise.race([asked, late]).finally(() => clearInterval(timer));
}
