import type { Logger } from '../log.ts';
import type { Greeting } from './greeting.ts';
import type { Sessions } from './sessions.ts';

export type ToldOriginsDeps = {
  sessions: Pick<Sessions, 'all'>;
  greeting: Pick<Greeting, 'tell'>;
  origins: () => readonly string[];
  log: Logger;
};

/** Tells live sessions where else the installation is reached, when that has changed: one day their own origin may be dead. */
export class ToldOrigins {
  readonly #deps: ToldOriginsDeps;
  #told: string;

  constructor(deps: ToldOriginsDeps) {
    this.#deps = deps;
    this.#told = deps.origins().join(' ');
  }

  /** To be called about twice a second: addresses, certificates and names change without a word to anybody. */
  tick(): void {
    const { origins, sessions, greeting, log } = this.#deps;
    const now = origins().join(' ');
    if (now === this.#told) return;
    this.#told = now;
    for (const session of sessions.all())
      greeting.tell(session).catch((error: unknown) => log.warn({ err: error }, 'a session was not told the origins'));
  }
}
