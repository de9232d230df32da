import type { MachineVerbs } from '../../../crypto/contract.ts';
import { forgetRemembered, remember, remembered } from '../device/remembered';

const KEY = 'parley.untold' as const;
/**
 * What the machine must hear, be it more than once: without a word of these numbers its later entries would vouch for them, and others
 * would miss entries that never were (PROTOCOL.md, EE12).
 */
const MUST_HEAR: readonly string[] = ['giveUp', 'countAnew'] satisfies (keyof MachineVerbs)[];

type Told = readonly [verb: string, input: unknown];

/** What the machine was to hear and has not, kept over the end of the page. */
export class Untold {
  /** The oldest first. */
  all(): readonly Told[] {
    try {
      return JSON.parse(remembered(KEY) ?? '[]') as Told[];
    } catch {
      // The machine is opened, whatever stands there.
      return [];
    }
  }

  /** Before the machine is told. */
  add(...one: Told): void {
    if (MUST_HEAR.includes(one[0])) this.#keep([...this.#without(one), one]);
  }

  /** It has heard it. */
  remove(...one: Told): void {
    if (MUST_HEAR.includes(one[0])) this.#keep(this.#without(one));
  }

  #without(one: Told): readonly Told[] {
    const said = JSON.stringify(one);
    return this.all().filter(other => JSON.stringify(other) !== said);
  }

  #keep(all: readonly Told[]): void {
    if (all.length > 0) remember(KEY, JSON.stringify(all));
    else forgetRemembered(KEY);
  }
}
