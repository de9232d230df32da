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
import { type CallId } from '#protocol/ids';
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

/** Asks which STUN and TURN servers a call may use: for each call, because credentials are of one call and expire. */
@Service()
export class IceServerSource {
  readonly #api = inject(Api);

  /**
   * What a call may use, and what follows it before its credentials expire: an ICE restart late in a long call needs new
   * ones. Never fails: without an answer the call is tried with this machine's own addresses, where they may be told,
   * and the server is asked again.
   * @param call without it they are for a test call
   */
  current(call?: CallId): Observable<RTCConfiguration> {
    const asked = defer(() => this.#ask(call));
    const renewed = (inMs: number) => timer(inMs).pipe(switchMap(() => asked.pipe(retry({ delay: AGAIN_MS }))));
    return asked.pipe(
      catchError(() => of(null)),
      expand(answer => {
        if (answer === null) return renewed(AGAIN_MS);
        return answer.expiresInMs === undefined ? EMPTY : renewed(answer.expiresInMs * RENEW_AT);
      }),
      map(answer => toConfiguration(answer ?? { iceServers: [], relayOnly: remembered(KEY) !== 'no' })),
    );
  }

  /** Those of a test call. */
  fetch(): Promise<RTCConfiguration> {
    return firstValueFrom(this.current());
  }

  async #ask(call?: CallId): Promise<IceServers> {
    const signal = AbortSignal.timeout(PATIENCE_MS);
    const path = call === undefined ? '/api/ice-servers' : `/api/ice-servers?callId=${call}`;
    const answer = await this.#api.request('GET', path, { answer: iceServers, signal });
    if (!answer.ok) throw new Error('no ICE servers', { cause: answer.error });
    remember(KEY, answer.value.relayOnly ? 'yes' : 'no');
    return answer.value;
  }
}

/** Whether an ICE URI is one of a relay (RFC 7065). */
export const isRelay = (url: string): boolean => /^turns?:/.test(url);

/** The answer in the browser's words; "relay only" hides this end's addresses from the peer. */
export function toConfiguration({ iceServers, relayOnly }: IceServers): RTCConfiguration {
  const servers = iceServers.map(({ urls, username, credential }) => ({
    urls,
    ...(username === undefined ? {} : { username }),
    ...(credential === undefined ? {} : { credential }),
  }));
  return { iceServers: servers, iceTransportPolicy: relayOnly ? 'relay' : 'all' };
}
