import { DestroyRef, inject, Service, signal } from '@angular/core';
import { fromEvent, map, merge, NEVER, Subject, Subscription, timer, type Observable } from 'rxjs';
import { blamedFrame } from '#protocol/close-codes';
import { type CallId } from '#protocol/ids';
import { ACK_WITHIN_MS } from '#protocol/outbox';
import { SOCKET_PATH, type Welcome } from '#protocol/session-frames';
import { visibility, wakes } from './page-events';
import { keyOf, type Keyed } from './refused-frame';
import { reconnectingSocket, type LinkEvent, type LinkNeeds } from './reconnecting-socket';
import { NO_SESSION, nextSession, unsaid, type SessionEffect, type SessionEvent } from './session';
import { type Heard, type Said } from './said';
import { webSocket, type OpenSocket } from './socket';

/**
 * The link to the server as a person may read it. `waiting` for the next attempt (`retryAt` in ms since the epoch);
 * `replaced`: another page of this device has the session; `outdated`: the server speaks another version.
 */
export type LinkStatus =
  | { readonly is: 'off' | 'connecting' | 'live' | 'replaced' | 'outdated' }
  | { readonly is: 'waiting'; readonly retryAt: number; readonly restarting: boolean };

/** See LinkNeeds: a good access token, or null where nobody is signed in. */
export type TokenSource = LinkNeeds['token'];

/** Where the socket is, on the origin this page came from. */
const socketUrl = (): string => new URL(SOCKET_PATH, location.href.replace(/^http/, 'ws')).href;

/**
 * The one signaling connection of this page: numbered, acknowledged, resumed. Whoever says something may forget about
 * reconnects; what a `new` session has lost is in `unconfirmed` while its welcome is delivered, and its owner says it again.
 */
@Service()
export class Signaling {
  readonly #status = signal<LinkStatus>({ is: 'off' });
  readonly #welcome = signal<Welcome | null>(null);
  readonly #frames = new Subject<Heard>();
  readonly #abandon = new Subject<void>();
  readonly #check = new Subject<void>();
  readonly #retry = new Subject<void>();
  readonly #events: SessionEvent[] = [];

  #session = NO_SESSION;
  #socket: OpenSocket | null = null;
  #link = new Subscription();
  #timers = new Subscription();
  #tokens: TokenSource | null = null;
  #calls: readonly CallId[] = [];
  #spreadMs = 0;
  #unconfirmed: readonly Said[] | null = null;
  #open: LinkNeeds['open'] = () => NEVER;

  readonly status = this.#status.asReadonly();
  /** The last welcome of this connection; null before the first and after `disconnect`. */
  readonly welcome = this.#welcome.asReadonly();
  /** Everything the server says, in order and once each, welcomes included. */
  readonly frames: Observable<Heard> = this.#frames.asObservable();

  constructor() {
    const page = merge(
      fromEvent(window, 'pagehide').pipe(map(() => () => this.#leave())),
      fromEvent<PageTransitionEvent>(window, 'pageshow').pipe(map(event => () => event.persisted && this.reconnect())),
      visibility().pipe(map(visible => () => this.send({ type: 'presence', visible }))),
    ).subscribe(act => act());
    inject(DestroyRef).onDestroy(() => {
      page.unsubscribe();
      this.disconnect();
    });
  }

  /**
   * Connects and stays connected until `disconnect`, or until the server says that trying again is of no use.
   * @param tokens asked before each attempt, and in time before a token runs out
   * @param open one fresh socket a subscription
   */
  connect(tokens: TokenSource, open: LinkNeeds['open'] = () => webSocket(socketUrl())): void {
    this.disconnect();
    this.#tokens = tokens;
    this.#open = open;
    this.reconnect();
  }

  /** After `replaced`: take the session back. Otherwise: try at once. */
  reconnect(): void {
    const tokens = this.#tokens;
    if (!tokens) return;
    if (!this.#link.closed && this.#link !== IDLE) return this.#retry.next();
    const wake = merge(wakes(), this.#retry);
    const check = merge(wakes(), fromEvent(window, 'offline'), this.#check);
    const inCall = () => this.#calls.length > 0;
    const needs = {
      open: this.#open,
      token: tokens,
      wake,
      check,
      inCall,
      abandon: this.#abandon,
      spreadMs: () => this.#spreadMs,
      random: Math.random,
    };
    this.#link = reconnectingSocket(needs).subscribe(event => this.#onLink(event));
  }

  /** Ends the session at once and for good: signed out, or another tab takes over. */
  disconnect(): void {
    this.#leave();
    this.#tokens = null;
    this.#status.set({ is: 'off' });
    this.#welcome.set(null);
  }

  /** Says something. While not live, what is reliable waits for the welcome and the rest is forgotten. */
  send(frame: Said): void {
    this.#dispatch({ type: 'say', frame });
  }

  /** Takes back what was said and is not confirmed yet: the server may have it, but is not sent it again. */
  withdraw(frame: Keyed): void {
    this.#dispatch({ type: 'withdraw', key: keyOf(frame) });
  }

  /**
   * What was said and is not confirmed, oldest first. While a welcome is delivered: as that welcome leaves it, so
   * after `new` these frames will reach nobody unless their owner says them again.
   */
  unconfirmed(): readonly Said[] {
    return this.#unconfirmed ?? unsaid(this.#session);
  }

  /** Somebody doubts that the socket still lives (a link broke, a post stays unanswered): it must answer in 4 s, in a call in 1 s. */
  check(): void {
    this.#check.next();
  }

  /** Names the calls this page is in, for the next hello. */
  nameCalls(callIds: readonly CallId[]): void {
    this.#calls = callIds;
  }

  #onLink(event: LinkEvent): void {
    switch (event.type) {
      case 'connecting':
        return this.#status.set({ is: 'connecting' });
      case 'opened':
        this.#socket = event.socket;
        return this.#dispatch({ type: 'opened', token: event.token, calls: this.#calls });
      case 'text':
        return this.#dispatch({ type: 'text', text: event.text });
      case 'closed':
        return this.#lose(blamedFrame(event.code, event.reason ?? ''));
      case 'waiting':
        return this.#status.set({ is: 'waiting', retryAt: event.retryAt, restarting: event.restarting });
      case 'stopped':
        this.#session = NO_SESSION;
        return this.#status.set({
          is: event.because === 'replaced' || event.because === 'outdated' ? event.because : 'off',
        });
    }
  }

  /** @param blamed as `blamedFrame` reads it */
  #lose(blamed?: number | null): void {
    this.#socket = null;
    this.#timers.unsubscribe();
    this.#dispatch({ type: 'closed', blamed });
  }

  /** `bye` while the page still can: a browser sends it even in `pagehide`. */
  #leave(): void {
    this.send({ type: 'bye' });
    this.#socket?.bye();
    this.#link.unsubscribe();
    this.#link = IDLE;
    this.#lose();
    this.#session = NO_SESSION;
  }

  // One event at a time: who says something while a frame is delivered is heard after it.
  #dispatch(event: SessionEvent): void {
    if (this.#events.push(event) > 1) return;
    for (let next = this.#events[0]; next; next = this.#events[0]) {
      const [session, effects] = nextSession(this.#session, next);
      this.#session = session;
      effects.forEach(effect => this.#perform(effect));
      this.#events.shift();
    }
  }

  #perform(effect: SessionEffect): void {
    switch (effect.type) {
      case 'write':
        return this.#socket?.write(effect.text);
      case 'ack-soon':
        return this.#later(ACK_WITHIN_MS, () => this.#dispatch({ type: 'ack-time' }));
      case 'broken':
        return this.#abandon.next();
      case 'deliver':
        if (effect.frame.type === 'welcome') this.#welcomed(effect.frame);
        this.#unconfirmed = effect.frame.type === 'welcome' ? effect.unconfirmed : null;
        if (effect.frame.type === 'server.restarting') this.#spreadMs = effect.frame.spreadMs;
        this.#frames.next(effect.frame);
        this.#unconfirmed = null;
    }
  }

  #welcomed(welcome: Welcome): void {
    this.#welcome.set(welcome);
    // A renewed token or another origin is a welcome, too, and no news of the connection.
    if (this.#status().is !== 'live') this.#status.set({ is: 'live' });
    if (welcome.n !== undefined) return;
    this.#timers.unsubscribe();
    this.#timers = new Subscription();
    this.send({ type: 'presence', visible: document.visibilityState === 'visible' });
    this.#later((welcome.tokenMs * 2) / 3, () => void this.#renew());
  }

  async #renew(): Promise<void> {
    // No answer is no reason to give up a living socket: the server closes it when the old token runs out.
    const token = await this.#tokens?.(true).catch(() => null);
    if (token) this.#dispatch({ type: 'renew', token });
  }

  #later(ms: number, act: () => void): void {
    this.#timers.add(timer(ms).subscribe(act));
  }
}

/** Nobody is connected. */
const IDLE = Subscription.EMPTY;
