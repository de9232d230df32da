import type { Timers } from '../timers.ts';
import type { Bus } from './bus.ts';

/** How long a lease lasts without being renewed, in ms; renewed with every look, twice a second. */
export const LEASE_MS = 4_000;
/** A process that looked at nothing for this long was stopped: its lease has run out, or is about to. */
const PAUSED_MS = LEASE_MS - 1_000;

export type LeaseDeps = {
  bus: Bus;
  timers: Timers;
  /** This process's id. */
  id: string;
  /** The other processes that were heard of. */
  others: () => string[];
  /** This process was paused for so long that the others have given it up. */
  onLapsed: () => void;
  /** Another process is no longer there. */
  onGone: (process: string) => void;
  /** Whether this process is registrar. */
  onRegistrar: (isOurs: boolean) => void;
};

const processLease = (id: string): string => `process:${id}`;
const REGISTRAR = 'registrar';

/**
 * ```
 *   held ── a look each half second ──► held        bus down ──► kept: nobody else can judge us
 *     └── paused past the lease ──► lapsed ──► held, with nothing left of before
 * ```
 * That this process lives, and whether it is registrar, as the others see it.
 */
export class Lease {
  readonly #deps: LeaseDeps;
  #lookedAt: number;
  #upSince: number;
  #asking = false;

  constructor(deps: LeaseDeps) {
    this.#deps = deps;
    this.#lookedAt = this.#upSince = deps.timers.now();
  }

  /** To be asked before anything that came from others is believed. */
  check(): void {
    const now = this.#deps.timers.now();
    const paused = now - this.#lookedAt >= PAUSED_MS;
    this.#lookedAt = now;
    if (paused) this.#deps.onLapsed();
  }

  /** The bus is back; it may have forgotten everybody's lease, so nobody is judged for the time of one. */
  renewed(): void {
    this.#upSince = this.#deps.timers.now();
  }

  /** To be called about twice a second. */
  tick(): void {
    this.check();
    if (!this.#deps.bus.up || this.#asking) return;
    this.#asking = true;
    void this.look()
      .catch(() => undefined) // The bus went down; it says so itself.
      .finally(() => (this.#asking = false));
  }

  /** Renews what is ours and looks after the others. */
  async look(): Promise<void> {
    const { bus, id, others, onGone, onRegistrar, timers } = this.#deps;
    const asked = timers.now();
    await bus.claim(processLease(id), id, LEASE_MS);
    const holder = await bus.claim(REGISTRAR, id, LEASE_MS);
    // An answer that comes late may be older than the pause it comes after.
    if (timers.now() - asked > LEASE_MS / 2) return;
    onRegistrar(holder === id);
    if (timers.now() - this.#upSince < LEASE_MS) return;
    const processes = others();
    const held = await bus.held(processes.map(processLease));
    processes.forEach((process, i) => held[i] === false && onGone(process));
  }

  /** Lets another process be registrar at once. */
  async resign(): Promise<void> {
    await this.#deps.bus.release(REGISTRAR, this.#deps.id);
  }

  async end(): Promise<void> {
    await this.resign();
    await this.#deps.bus.release(processLease(this.#deps.id), this.#deps.id);
  }
}
