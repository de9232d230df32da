import { signal } from '@angular/core';
import type { MachineVerbs } from '../../../crypto/contract.ts';
import { giveWay } from '../look/give-way';

/** Batches of a backup. */
export interface Restoring {
  readonly done: number;
  readonly left: number;
}

/** So long after something was sealed its session goes into the backup, ms: several begin at once. */
const BACKUP_MS = 1_000;
/** After a run that failed the next one comes after twice the time of the one before; the time is doubled so often at most. */
const DOUBLINGS = 6;

type Verbs = Pick<MachineVerbs, 'backUp' | 'restore' | 'tendDehydrated'>;

/** Older keys come from the backup and newer ones go into it in the background: what a person waits for comes before. */
export class KeyBackup {
  readonly #machine: Verbs;
  readonly #came: () => void;
  readonly #canGoOn: () => boolean;
  readonly #restoring = signal<Restoring | 'refused' | null>(null);
  readonly #isRestored = signal(false);
  #isRunning = false;
  #isRefused = false;
  #failures = 0;
  #timer: ReturnType<typeof setTimeout> | undefined;

  readonly restoring = this.#restoring.asReadonly();
  readonly isRestored = this.#isRestored.asReadonly();

  /**
   * @param came told where keys have come out of the backup, and once it was read
   * @param canGoOn asked before a run by a timer; where it says no, the owner calls `run` when it can go on
   */
  constructor(machine: Verbs, came: () => void, canGoOn: () => boolean) {
    this.#machine = machine;
    this.#came = came;
    this.#canGoOn = canGoOn;
  }

  /**
   * A session may have begun that the backup does not hold.
   * @param ms until the run; one that is due already comes first
   */
  soon(ms = BACKUP_MS): void {
    this.#timer ??= setTimeout(() => {
      this.#timer = undefined;
      if (this.#canGoOn()) void this.run();
    }, ms);
  }

  /** Reads it to its end, once for each page, then writes what it lacks. What fails is tried again. */
  async run(): Promise<void> {
    if (this.#isRunning) return;
    this.#isRunning = true;
    try {
      if (!this.#isRestored()) await this.#restore();
      for (let left = 1; left > 0;) {
        const backedUp = await this.#machine.backUp(null);
        this.#isRefused ||= !backedUp.ok;
        left = backedUp.ok ? backedUp.value.left : 0;
        await giveWay();
      }
      this.#failures = 0;
    } catch {
      this.soon(BACKUP_MS * 2 ** Math.min(++this.#failures, DOUBLINGS));
    } finally {
      this.#over();
      this.#isRunning = false;
    }
  }

  /**
   * Reads it to its end, where that was not done: another one is to take its place.
   * @throws where the server does not answer
   */
  async readWhole(): Promise<void> {
    if (!this.#isRestored()) await this.#restore().finally(() => this.#over());
  }

  /** Another one has taken its place: what hangs on a backup is looked at once more. */
  replaced(): void {
    this.#isRestored.set(false);
    this.#isRefused = false;
  }

  #over(): void {
    this.#restoring.set(this.#isRefused ? 'refused' : null);
  }

  async #restore(): Promise<void> {
    for (let done = 0, left = 1; left > 0; done++) {
      const page = await this.#machine.restore(null);
      // What it has given by now is all that it gives: others are asked for the rest.
      if (!page.ok) {
        this.#isRefused = true;
        break;
      }
      ({ left } = page.value);
      if (left > 0 || done > 0) this.#restoring.set({ done: done + 1, left });
      if (page.value.imported > 0) this.#came();
      await giveWay();
    }
    // What was written while no device was there. Where that fails its authors are asked, and the next page tries again.
    if (await this.#machine.tendDehydrated(null).catch(() => false)) this.#came();
    this.#isRestored.set(true);
    // What has no key even now is asked for.
    this.#came();
  }
}
