import { computed, Service, signal } from '@angular/core';
import { type ClosePerson, type Quiet, QUIET_PATH } from '../../../worker/quiet';
import { openQuiet } from '../device/kept-data';
import { remember } from '../device/remembered';
import { chosenQuiet } from './quiet-now';

/** Do not disturb: when calls and messages make no sound on this device. */
@Service()
export class DoNotDisturb {
  readonly #quiet = signal(chosenQuiet());

  readonly hours = computed(() => this.#quiet().hours);
  /** Until when it was turned on, ms since the epoch, or `until-off`; null where it is off or its time is over. */
  readonly until = computed(() => {
    const { now } = this.#quiet();
    return typeof now === 'number' && now <= Date.now() ? null : now;
  });

  /** Who is heard all the same. */
  readonly people = computed(() => this.#quiet().people);
  /** Whether who calls again soon is heard. */
  readonly again = computed(() => this.#quiet().again);

  /** Lets somebody through, or no longer. */
  letThrough(person: ClosePerson, isHeard: boolean): void {
    const others = this.#quiet().people.filter(({ id }) => id !== person.id);
    this.change({ people: isHeard ? [...others, person] : others });
  }

  change(change: Partial<Quiet>): void {
    this.#quiet.update(before => ({ ...before, ...change }));
    remember('parley.quiet', JSON.stringify(this.#quiet()));
    void tellWorker(this.#quiet());
  }
}

/** The worker reads no localStorage. */
async function tellWorker(quiet: Quiet): Promise<void> {
  try {
    await (await openQuiet())?.put(QUIET_PATH, Response.json(quiet));
  } catch {
    // Refused: pushes are heard, and while a page is open it asks for itself.
  }
}
