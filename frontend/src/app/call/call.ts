import { ApplicationRef, computed, DestroyRef, effect, inject, Service, signal, untracked } from '@angular/core';
import { takeUntilDestroyed } from '@angular/core/rxjs-interop';
import { fromEvent, type Observable, Subject } from 'rxjs';
import { nextCalls, survivesNewSession } from '#protocol/call-client';
import { type ClientCallEvent } from '#protocol/call-client-events';
import {
  type ClientCalls,
  clientDeadline,
  isInCall,
  namedCalls,
  NO_CLIENT_CALLS,
  withId,
} from '#protocol/call-client-state';
import { type FromSeat, isSeatFrame, type Media, type SeatType } from '#protocol/call-frames';
import { callId, type CallId, type UserId } from '#protocol/ids';
import { type ClientCallFrame, type Unnumbered } from '#protocol/messages';
import { type Welcome } from '#protocol/session-frames';
import { Signaling } from '../signaling/signaling';
import { type Heard, type Said } from '../signaling/said';
import { IceServerSource } from './ice-servers';
import { isNormalEnd } from './outcome';

/** How long placing a call waits for a session that is being opened, ms. */
const SESSION_WITHIN_MS = 5_000;

const isCallFrame = (frame: Said): frame is Unnumbered<ClientCallFrame> => 'callId' in frame;

/**
 * The shell of the client half of the call machine: frames, time and the page go in, frames and a state come out.
 * All that a call needs (camera, link, ringtone, screen) follows from `state`: nothing else starts or stops it.
 */
@Service()
export class Call {
  readonly #signaling = inject(Signaling);
  readonly #app = inject(ApplicationRef);
  readonly #calls = signal<ClientCalls>(NO_CLIENT_CALLS);
  readonly #seatFrames = new Subject<FromSeat>();
  #pending: { readonly peerId: UserId; readonly media: Media } | null = null;
  #sessionTimer: ReturnType<typeof setTimeout> | undefined;

  /** Everything this page is in. */
  readonly calls = this.#calls.asReadonly();
  /** The current call. */
  readonly state = computed(() => this.#calls().current);
  readonly held = computed(() => this.#calls().held);
  /** What rings beside the current call. */
  readonly waiting = computed(() => this.#calls().waiting);
  /** What the other seats of this page's calls say, after `calls` has heard it. */
  readonly seatFrames: Observable<FromSeat> = this.#seatFrames.asObservable();

  constructor() {
    // Hears from now on what its calls may use.
    inject(IceServerSource);
    this.#signaling.frames.pipe(takeUntilDestroyed()).subscribe(frame => this.#hear(frame));
    fromEvent(window, 'pagehide')
      .pipe(takeUntilDestroyed())
      .subscribe(() => this.dispatch({ type: 'page-hidden' }));
    effect(() => {
      const { is } = this.#signaling.status();
      // Signed out, or another tab is Parley now: the session's `bye` has ended its call.
      if (is === 'off' || is === 'replaced') return untracked(() => this.#leaveSession());
      if (is !== 'live') untracked(() => this.#signalingLost());
      if (is !== 'connecting') untracked(() => this.#placePending());
    });
    effect(stop => {
      const due = clientDeadline(this.calls());
      if (due === null) return;
      const timer = setTimeout(() => this.dispatch({ type: 'time' }), Math.max(0, due - performance.now()));
      stop(() => clearTimeout(timer));
    });
    inject(DestroyRef).onDestroy(() => {
      clearTimeout(this.#sessionTimer);
      this.#seatFrames.complete();
    });
  }

  /**
   * Rings somebody. A page that is still connecting waits for its session, for the invite itself is never queued (CA11);
   * where none comes the call ends in words.
   */
  place(peerId: UserId, media: Media): void {
    this.#pending = { peerId, media };
    clearTimeout(this.#sessionTimer);
    if (this.#signaling.status().is !== 'connecting') return this.#placePending();
    this.#sessionTimer = setTimeout(() => this.#placePending(), SESSION_WITHIN_MS);
  }

  /**
   * Hangs up, cancels or declines, whichever fits. Only after a conversation a screen says so, the same at both ends: what
   * one cancels or declines oneself is over at once.
   */
  leave(): void {
    this.dispatch({ type: 'hang-up' });
    const call = untracked(this.state);
    if (call.state === 'idle' && call.last !== null && !isNormalEnd(call.last)) this.dispatch({ type: 'dismiss' });
  }

  /** Gives the machine an event; its frames are sent before its new state is told. */
  dispatch(event: ClientCallEvent): void {
    const before = untracked(this.#calls);
    const [next, frames] = nextCalls(before, event, performance.now());
    frames.forEach(frame => this.#signaling.send(frame));
    if (next === before) return;
    this.#signaling.nameCalls(namedCalls(next));
    this.#calls.set(next);
  }

  /** Says something to the other seat of this call. */
  say(id: CallId, type: SeatType, link: number, data: string): void {
    const call = withId(untracked(this.#calls), id);
    if (!call || !isInCall(call)) return;
    this.#signaling.send({ type, receiverId: call.peerId, callId: call.callId, link, data });
  }

  #placePending(): void {
    const pending = this.#pending;
    if (!pending) return;
    this.#pending = null;
    clearTimeout(this.#sessionTimer);
    const live = this.#signaling.status().is === 'live';
    this.dispatch({ type: 'place', callId: callId.parse(crypto.randomUUID()), ...pending, live });
  }

  #leaveSession(): void {
    this.#pending = null;
    this.dispatch({ type: 'page-hidden' });
  }

  #hear(frame: Heard): void {
    if (frame.type === 'welcome') this.#welcomed(frame);
    else if (frame.type === 'fault' || 'callId' in frame) {
      this.dispatch({ type: 'frame', frame });
      if (isSeatFrame(frame) && this.#isOurs(frame)) this.#seatFrames.next(frame);
    }
    // A hidden page draws nothing for up to a second: its ring must not wait for that.
    if (document.hidden) queueMicrotask(() => this.#app.tick());
  }

  #isOurs(frame: FromSeat): boolean {
    const call = withId(untracked(this.#calls), frame.callId);
    return call !== undefined && isInCall(call);
  }

  /** After `new` this page says again what leaves a call and an accept it stands by; all else was lost with its session. */
  #welcomed({ how, calls = [] }: Welcome): void {
    const unconfirmed = this.#signaling.unconfirmed().filter(isCallFrame);
    const own = untracked(this.#calls);
    const waiting = how === 'new' ? unconfirmed.filter(frame => survivesNewSession(frame, own)) : unconfirmed;
    if (how === 'new') waiting.forEach(frame => this.#signaling.send(frame));
    this.dispatch({ type: 'welcome', how, calls, waiting });
  }

  #signalingLost(): void {
    this.dispatch({ type: 'signaling-lost', waiting: this.#signaling.unconfirmed().filter(isCallFrame) });
  }
}
