import { type KeyServer } from '../key-server.ts';
import { ServerDouble } from './server-double.ts';

/** Where a request waits: before the server hears it, or with its answer on the way. */
export type Pause = 'request' | 'answer';
type Which = (request: string) => boolean;
type Meanwhile = (request: string) => Promise<unknown>;

/** The way to an honest server, on which one request can wait until other devices have asked theirs. */
export class PausingServer extends ServerDouble {
  readonly #server: ServerDouble;
  #paused: { readonly pause: Pause; readonly which: Which; readonly until: Meanwhile } | null = null;

  constructor(server: ServerDouble) {
    super();
    this.#server = server;
  }

  /**
   * @param which is asked of each request from now on, until it is true
   * @param until what the request waits for
   */
  pause(pause: Pause, which: Which, until: Meanwhile): void {
    this.#paused = { pause, which, until };
  }

  override connect(who: Parameters<ServerDouble['connect']>[0]): KeyServer {
    const honest = this.#server.connect(who);
    return {
      ask: async (method, path, body) => {
        const request = `${method} ${path}`;
        const paused = this.#paused?.which(request) === true ? this.#paused : null;
        if (paused) this.#paused = null;
        if (paused?.pause === 'request') await paused.until(request);
        const answer = await honest.ask(method, path, body);
        if (paused?.pause === 'answer') await paused.until(request);
        return answer;
      },
    };
  }
}
