import { type KeyServer } from '../key-server.ts';
import { ServerDouble } from './server-double.ts';

/** Where a request is lost: it never arrives, or its answer does not. */
export type Loss = 'request' | 'answer';

/** The way to an honest server, on which one request at a time can be lost. */
export class LossyServer extends ServerDouble {
  readonly #server: ServerDouble;
  #lost: { readonly loss: Loss; left: number } | null = null;

  constructor(server: ServerDouble) {
    super();
    this.#server = server;
  }

  /** @param nth request from now on, from 1 */
  lose(loss: Loss, nth: number): void {
    this.#lost = { loss, left: nth };
  }

  /** From now on nothing is lost. */
  mend(): void {
    this.#lost = null;
  }

  override connect(who: Parameters<ServerDouble['connect']>[0]): KeyServer {
    const honest = this.#server.connect(who);
    return {
      ask: async (...request) => {
        const lost = this.#lost;
        const isLost = lost !== null && --lost.left === 0;
        if (isLost) this.#lost = null;
        if (isLost && lost.loss === 'request') throw new Error('the request was lost');
        const answer = await honest.ask(...request);
        if (isLost) throw new Error('the answer was lost');
        return answer;
      },
    };
  }
}
