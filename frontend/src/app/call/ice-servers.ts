import { inject, Service } from '@angular/core';
import {
  catchError,
  defer,
  EMPTY,
  expand,
  firstValueFrom,
  map,
  type Observable,
  of,
  retry,
  switchMap,
  timer,
} from 'rxjs';
import { iceServers, type IceServers } from '#protocol/api/calls';
import { Api } from '../account/api';
import { remember, remembered } from '../device/remembered';

/** A LAN needs no servers at all: a call does not wait longer than this for the answer. */
const PATIENCE_MS = 3_000;
/** Credentials are renewed when this part of their life is over, and tried again this much later without an answer. */
const RENEW_AT = 2 / 3;
const AGAIN_MS = 10_000;

/**
 * Whether addresses are to be hidden here, as far as the last answer goes: `no` where they may be told. A call without
 * an answer must not tell what it would have hidden, so in a browser that has never had one it waits for it.
 */
const KEY = 'parley.relay-only' as const;

/** Asks which STUN and TURN servers this user may use now; anew for each call, because credentials expire. */
@Service()
export class IceServerSource {
  readonly #api = inject(Api);
  readonly #asked = defer(() => this.#ask());

  /**
   * What a call may use, and what follows it before its credentials expire: an ICE restart late in a long call needs new
   * ones. Never fails: without an answer the call is tried with this machine's own addresses, where they may be told,
   * and the server is asked again.
   */
  current(): Observable<RTCConfiguration> {
    return this.#asked.pipe(
      catchError(() => of(null)),
      expand(answer => {
        if (answer === null) return this.#renewed(AGAIN_MS);
        return answer.expiresInMs === undefined ? EMPTY : this.#renewed(answer.expiresInMs * RENEW_AT);
      }),
      map(answer => toConfiguration(answer ?? { iceServers: [], relayOnly: remembered(KEY) !== 'no' })),
    );
  }

  /** The first of `current`. */
  fetch(): Promise<RTCConfiguration> {
    return firstValueFrom(this.current());
  }

  #renewed(inMs: number): Observable<IceServers> {
    return timer(inMs).pipe(switchMap(() => this.#asked.pipe(retry({ delay: AGAIN_MS }))));
  }

  async #ask(): Promise<IceServers> {
    const signal = AbortSignal.timeout(PATIENCE_MS);
    const answer = await this.#api.request('GET', '/api/ice-servers', { answer: iceServers, signal });
    if (!answer.ok) throw new Error('no ICE servers', { cause: answer.error });
    remember(KEY, answer.value.relayOnly ? 'yes' : 'no');
    return answer.value;
  }
}

/** The answer in the browser's words; "relay only" hides this end's addresses from the peer. */
export function toConfiguration({ iceServers, relayOnly }: IceServers): RTCConfiguration {
  const servers = iceServers.map(({ urls, username, credential }) => ({
    urls,
    ...(username === undefined ? {} : { username }),
    ...(credential === undefined ? {} : { credential }),
  }));
  return { iceServers: servers, iceTransportPolicy: relayOnly ? 'relay' : 'all' };
}
