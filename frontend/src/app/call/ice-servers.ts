import { inject, Injectable } from '@angular/core';
import { iceServers, type IceServers } from '#protocol/api/calls';
import { Api } from '../account/api';

/** A LAN needs no servers at all: a call does not wait longer than this for the answer. */
const PATIENCE_MS = 3_000;

/** Asks which STUN and TURN servers this user may use now; anew for each call, because credentials expire. */
@Injectable({ providedIn: 'root' })
export class IceServerSource {
  readonly #api = inject(Api);

  /** Never rejects: without an answer the call is tried with this machine's own addresses. */
  async fetch(): Promise<RTCConfiguration> {
    const signal = AbortSignal.timeout(PATIENCE_MS);
    const answer = await this.#api.request('GET', '/api/ice-servers', { answer: iceServers, signal });
    return answer.ok ? toConfiguration(answer.value) : {};
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
