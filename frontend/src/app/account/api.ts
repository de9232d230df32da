import { inject, Service } from '@angular/core';
import { err, type Result } from '#protocol/result';
import { Access } from './access';
import { call, type Carried, type Failure, type Method } from './fetch-json';

type MakeRequest<T> = (token: string) => Promise<Result<T, Failure>>;

/** Requests of the person who is signed in. */
@Service()
export class Api {
  readonly #access = inject(Access);

  /**
   * One request with the access token; when the server no longer takes that token, once more with a newer one.
   * Never throws: what went wrong is a value.
   */
  request<T = undefined>(method: Method, path: string, carried: Carried<T> = {}): Promise<Result<T, Failure>> {
    return this.by(token => call(method, path, carried, token));
  }

  /** The same for a request that is made elsewhere, by a worker. */
  async by<T>(make: MakeRequest<T>): Promise<Result<T, Failure>> {
    const first = await this.#once(make, false);
    return isUnauthorized(first) ? this.#once(make, true) : first;
  }

  async #once<T>(make: MakeRequest<T>, renew: boolean): Promise<Result<T, Failure>> {
    try {
      const token = await this.#access.token(renew);
      return token === null ? err({ kind: 'unreachable' }) : await make(token);
    } catch {
      return err({ kind: 'unreachable' });
    }
  }

  /** A picture or file that needs the token; undefined where there is none now. */
  async bytes(path: string): Promise<Blob | undefined> {
    try {
      const token = await this.#access.token();
      if (token === null) return undefined;
      const response = await fetch(path, { cache: 'no-store', headers: { Authorization: `Bearer ${token}` } });
      return response.ok ? await response.blob() : undefined;
    } catch {
      return undefined;
    }
  }
}

const isUnauthorized = (result: Result<unknown, Failure>): boolean =>
  !result.ok && result.error.kind === 'problem' && result.error.problem.type === 'unauthorized';
