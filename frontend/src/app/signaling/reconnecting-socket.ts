import {
  catchError,
  concat,
  defer,
  exhaustMap,
  filter,
  map,
  merge,
  of,
  race,
  repeat,
  share,
  startWith,
  switchMap,
  take,
  takeWhile,
  tap,
  timer,
  type Observable,
} from 'rxjs';
import { CLOSE_CODES, retryAfter } from '#protocol/close-codes';
import { CLIENT_SILENCE_MS, PING_ANSWER_IN_CALL_MS, PING_ANSWER_MS } from '#protocol/limits';
import { backoff } from './backoff';
import { type OpenSocket, type SocketEvent } from './socket';

/** A socket that is not open after this long is given up, ms; so is one without an answer to its hello. */
const OPEN_MS = 10_000;
/** A socket that lived this long was a good one: the next failure counts as the first, ms. */
const GOOD_MS = 10_000;

/** In a call the next attempt is never further away, ms: a call is over when its link has been down for 30 s. */
const IN_CALL_MOST_MS = 1_000;

/** What the link to the server does; it ends only with `stopped`. */
export type LinkEvent =
  | { readonly type: 'connecting' }
  | { readonly type: 'opened'; readonly socket: OpenSocket; readonly token: string }
  | { readonly type: 'text'; readonly text: string }
  /** `code` is null where the socket was given up; `reason` is the server's. */
  | { readonly type: 'closed'; readonly code: number | null; readonly reason?: string }
  /** `retryAt` in ms since the epoch. */
  | { readonly type: 'waiting'; readonly retryAt: number; readonly restarting: boolean }
  | { readonly type: 'stopped'; readonly because: 'replaced' | 'outdated' | 'signed-out' | 'bye' };

export interface LinkNeeds {
  /** One fresh socket a subscription. */
  readonly open: () => Observable<SocketEvent>;
  /** A token that is still good; `renew` asks for a newer one. Null: nobody is signed in. Rejects where none comes now. */
  readonly token: (renew: boolean) => Promise<string | null>;
  /** Something happened after which waiting makes no sense: online, visible, a person's wish. */
  readonly wake: Observable<unknown>;
  /** Doubt whether the socket still lives: it must answer within PING_ANSWER_MS, in a call within PING_ANSWER_IN_CALL_MS. */
  readonly check: Observable<unknown>;
  /** Whether a call is waiting for the socket. */
  readonly inCall: () => boolean;
  /** Gives the present socket up. */
  readonly abandon: Observable<unknown>;
  /** Over how long the server has asked devices to spread their first attempts after its restart, ms. */
  readonly spreadMs: () => number;
  readonly random: () => number;
}

const GIVEN_UP: LinkEvent = { type: 'closed', code: null };

/**
 * Sockets in a row for as long as somebody is subscribed: one at a time, each with its token, watched for silence; after
 * each a wait by the table of close codes.
 */
export function reconnectingSocket(needs: LinkNeeds): Observable<LinkEvent> {
  return defer(() => {
    let plan: Plan = { failures: 0, renew: false, retryAt: 0 };
    const attempt = defer(() => {
      const since = Date.now();
      let code: number | null = null;
      const note = (event: LinkEvent): void => {
        if (event.type === 'closed') code = event.code;
      };
      const afterwards = defer(() => {
        const reason = stopReason(code);
        if (reason) return of<LinkEvent>({ type: 'stopped', because: reason });
        plan = replan(plan, code, Date.now() - since >= GOOD_MS, needs);
        const restarting = code === CLOSE_CODES.restart.code;
        return of<LinkEvent>({ type: 'waiting', retryAt: plan.retryAt, restarting });
      });
      return concat(oneSocket(needs, plan.renew).pipe(tap(note)), afterwards);
    });
    const wait = (): Observable<unknown> => race(timer(Math.max(0, plan.retryAt - Date.now())), needs.wake);
    return attempt.pipe(
      repeat({ delay: () => wait().pipe(take(1)) }),
      takeWhile(event => event.type !== 'stopped', true),
    );
  });
}

interface Plan {
  readonly failures: number;
  readonly renew: boolean;
  readonly retryAt: number;
}

function replan(plan: Plan, code: number | null, wasGood: boolean, { random, inCall, spreadMs }: LinkNeeds): Plan {
  const failures = wasGood ? 1 : plan.failures + 1;
  const renew = code !== null && retryAfter(code) === 'refresh';
  // A token that ran out is nobody's failure: the first time there is nothing to wait for.
  const isSpread = code === CLOSE_CODES.restart.code && !inCall();
  const wait = renew && failures === 1 ? 0 : backoff(failures, random(), inCall() ? IN_CALL_MOST_MS : undefined);
  return { failures, renew, retryAt: Date.now() + (isSpread ? Math.max(wait, random() * spreadMs()) : wait) };
}

function stopReason(code: number | null): 'replaced' | 'outdated' | 'bye' | null {
  if (code === null || retryAfter(code) !== 'stop') return null;
  if (code === CLOSE_CODES.replaced.code) return 'replaced';
  return code === CLOSE_CODES.version.code ? 'outdated' : 'bye';
}

/** One attempt from its token to its end; it always ends with `closed` or `stopped`. */
function oneSocket(needs: LinkNeeds, renew: boolean): Observable<LinkEvent> {
  const attempt = defer(() => needs.token(renew)).pipe(
    switchMap(token =>
      token === null ? of<LinkEvent>({ type: 'stopped', because: 'signed-out' }) : watched(needs, token),
    ),
    catchError(() => of(GIVEN_UP)),
  );
  return concat(of<LinkEvent>({ type: 'connecting' }), attempt);
}

function watched(needs: LinkNeeds, token: string): Observable<LinkEvent> {
  return defer(() => {
    let socket: OpenSocket | null = null;
    let answered = false;
    const events = needs.open().pipe(
      tap(event => {
        if (event.type === 'opened') ({ socket } = event);
        if (event.type === 'text') answered = true;
      }),
      map((event): LinkEvent => (event.type === 'opened' ? { ...event, token } : event)),
      share(),
    );
    const silence = events.pipe(
      map(event => (event.type === 'text' ? CLIENT_SILENCE_MS : OPEN_MS)),
      startWith(OPEN_MS),
      switchMap(patience => timer(patience)),
    );
    const unanswered = needs.check.pipe(
      exhaustMap(() => {
        // Before the welcome nothing but the hello may be said; its answer is due as well.
        if (answered) socket?.write('{"type":"ping"}');
        const texts = events.pipe(filter(event => event.type === 'text'));
        return race(
          timer(needs.inCall() ? PING_ANSWER_IN_CALL_MS : PING_ANSWER_MS).pipe(map(() => true)),
          texts.pipe(map(() => false)),
        ).pipe(take(1));
      }),
      filter(late => late),
    );
    const givenUp = merge(silence, unanswered, needs.abandon).pipe(map(() => GIVEN_UP));
    return merge(givenUp, events).pipe(takeWhile(event => event.type !== 'closed', true));
  });
}
