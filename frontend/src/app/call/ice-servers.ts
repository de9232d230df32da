import { inject, Service } from '@angular/core';
import { takeUntilDestroyed } from '@angular/core/rxjs-interop';
import {
  defer,
  EMPTY,
  expand,
  finalize,
  map,
  merge,
  type Observable,
  of,
  ReplaySubject,
  retry,
  switchMap,
  takeUntil,
  timer,
} from 'rxjs';
import { type WelcomeCall } from '#protocol/call-frames';
import { iceServers, type IceServers } from '#protocol/ice-servers';
import { type CallId } from '#protocol/ids';
import { Api } from '../account/api';
import { remember, remembered } from '../device/remembered';
import { Signaling } from '../signaling/signaling';

/** A LAN needs no servers at all: a call does not wait longer than this for what it may use. */
const PATIENCE_MS = 3_000;
/** Credentials are renewed when this part of their life is over, and tried again this much later without an answer. */
const RENEW_AT = 2 / 3;
const AGAIN_MS = 10_000;

/**
 * Whether addresses are to be hidden here, as far as the last answer goes: `no` where they may be told. A call without
 * an answer must not tell what it would have hidden, so in a browser that has never had one it waits for it.
 */
const KEY = 'parley.relay-only' as const;

/** What is asked for: of a test call, or of a call in which this device has a seat. */
type Wanted = { for: 'test' } | { for: 'call'; callId: CallId };

interface Told {
  readonly servers: ReplaySubject<IceServers>;
  /** Until when what was told last is as good as new, in ms by `performance.now`. */
  freshUntil: number;
}

/**
 * Which STUN and TURN servers a call may use. The frames that announce a call bring them, with credentials of this device
 * and this call that expire; while the call lasts others are asked for.
 */
@Service()
export class IceServerSource {
  readonly #api = inject(Api);
  readonly #told = new Map<CallId, Told>();
  /** Asks the server. A guest's page, which has no account to ask in the name of, puts its own in this place. */
  request = (body: Wanted, signal: AbortSignal) =>
    this.#api.request('POST', '/api/ice-servers', { body, answer: iceServers, signal });

  constructor() {
    inject(Signaling)
      .frames.pipe(takeUntilDestroyed())
      .subscribe(frame => {
        if (frame.type !== 'welcome' && 'servers' in frame) this.#hear(frame);
        else if (frame.type === 'welcome') frame.calls?.forEach(call => this.#hear(call));
      });
  }

  /**
   * What a call may use, and what follows it before its credentials expire: an ICE restart late in a long call needs new
   * ones. Never fails: where nothing is told in time, the call is tried with this machine's own addresses, where they may
   * be told, and the server is asked.
   */
  current(callId: CallId): Observable<RTCConfiguration> {
    const { servers } = this.#of(callId);
    const late = timer(PATIENCE_MS).pipe(
      map(() => null),
      takeUntil(servers),
    );
    const asked = defer(() => this.#ask({ for: 'call', callId })).pipe(retry({ delay: AGAIN_MS }));
    const renewed = (inMs: number) => timer(inMs).pipe(switchMap(() => asked));
    const andAfter = (told: IceServers | null) =>
      of(told).pipe(
        expand(last => {
          if (last === null) return asked;
          return last.expiresInMs === undefined ? EMPTY : renewed(last.expiresInMs * RENEW_AT);
        }),
      );
    return merge(servers, late).pipe(
      switchMap(andAfter),
      map(told => toConfiguration(told ?? untold())),
      finalize(() => this.#told.delete(callId)),
    );
  }

  /** Those of a test call. */
  async fetch(): Promise<RTCConfiguration> {
    return toConfiguration(await this.#ask({ for: 'test' }).catch(untold));
  }

  /** What was told of a call a moment ago stays: other devices that begin to ring do not disturb its link. */
  #hear({ callId, servers }: Pick<WelcomeCall, 'callId' | 'servers'>): void {
    if (servers === undefined) return;
    const told = this.#of(callId);
    const now = performance.now();
    if (now < told.freshUntil) return;
    told.freshUntil = now + (servers.expiresInMs ?? 0) * (1 - RENEW_AT);
    noted(servers);
    told.servers.next(servers);
  }

  #of(call: CallId): Told {
    const told = this.#told.get(call) ?? { servers: new ReplaySubject<IceServers>(1), freshUntil: -Infinity };
    this.#told.set(call, told);
    return told;
  }

  async #ask(body: Wanted): Promise<IceServers> {
    const signal = AbortSignal.timeout(PATIENCE_MS);
    const answer = await this.request(body, signal);
    if (!answer.ok) throw new Error('no ICE servers', { cause: answer.error });
    return noted(answer.value);
  }
}

function noted(servers: IceServers): IceServers {
  remember(KEY, servers.relayOnly ? 'yes' : 'no');
  return servers;
}

const untold = (): IceServers => ({ iceServers: [], relayOnly: remembered(KEY) !== 'no' });

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
