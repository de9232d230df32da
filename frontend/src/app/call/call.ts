import { ApplicationRef, computed, DestroyRef, effect, inject, Service, signal, untracked } from '@angular/core';
import { takeUntilDestroyed } from '@angular/core/rxjs-interop';
import { fromEvent, type Observable, Subject } from 'rxjs';
import { nextCalls, survivesNewSession } from '#protocol/call-client';
import { type ClientCallEvent } from '#protocol/call-client-events';
import {
  type ClientCall,
  type ClientCalls,
  clientDeadline,
  type Incoming,
  isInCall,
  isRinging,
  linkTo,
  namedCalls,
  NO_CLIENT_CALLS,
  type UnsealedReason,
  withId,
} from '#protocol/call-client-state';
import { type FromSeat, isSeatFrame, type Media, type SeatType } from '#protocol/call-frames';
import { callId, type CallId, type DeviceAddress, type DeviceId, type UserId } from '#protocol/ids';
import { type ClientCallFrame, type Unnumbered } from '#protocol/messages';
import { type Welcome } from '#protocol/session-frames';
import { Signaling } from '../signaling/signaling';
import { type Heard, type Said } from '../signaling/said';
import { CallSeal } from '../crypto/call-seal';
import { GuestCalls } from '../crypto/guest-calls';
import { IceServerSource } from './ice-servers';
import { isNormalEnd } from './outcome';
import { type SeatEnds, SeatSealing } from './seat-sealing';

/** How long placing a call waits for a session that is being opened, ms. */
const SESSION_WITHIN_MS = 5_000;

type Answer = Extract<ClientCallEvent, { type: 'accept' | 'hold-and-accept' | 'end-and-accept' }>;
type Invite = Extract<Unnumbered<ClientCallFrame>, { type: 'call.invite' }>;

const isCallFrame = (frame: Said): frame is Unnumbered<ClientCallFrame> => 'callId' in frame;

const ringOf = (call: ClientCall): Incoming | null => (isRinging(call) ? call : null);

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
  readonly #seal = inject(CallSeal);
  readonly #guests = inject(GuestCalls);
  readonly #sealing = inject(SeatSealing);
  readonly #unanswerable = signal<{ readonly callId: CallId; readonly reason: UnsealedReason } | null>(null);
  readonly #answering = signal<CallId | null>(null);
  readonly #ends: SeatEnds = {
    seated: (id, device) => this.#isSeated(id, device),
    send: (frame, to) => this.#signaling.send(this.#arrives(frame.callId, to) ? { ...frame, deviceId: to } : frame),
    heard: frame => this.#heardSeat(frame),
    refused: (id, reason) => this.#sealRefused(id, reason),
  };
  readonly #ring = computed(() => this.waiting() ?? ringOf(this.state()), {
    equal: (a, b) => a?.callId === b?.callId,
  });
  #pending: { readonly callId: CallId; readonly peerId: UserId; readonly media: Media } | null = null;
  /** An invite that has not left yet. */
  #unsaid: Invite | null = null;
  #sessionTimer: ReturnType<typeof setTimeout> | undefined;

  /** Everything this page is in. */
  readonly calls = this.#calls.asReadonly();
  /** The current call. */
  readonly state = computed(() => this.#calls().current);
  readonly held = computed(() => this.#calls().held);
  /** What rings beside the current call. */
  readonly waiting = computed(() => this.#calls().waiting);
  /** Why a ring cannot be answered on this device: nothing that is said in its call could be sealed. */
  readonly unanswerable = this.#unanswerable.asReadonly();
  /** The ring that was answered and waits for its keys: on a device that has just started they have to be loaded. */
  readonly answering = this.#answering.asReadonly();
  /** What the other seats of this page's calls say, opened, after `calls` has heard it. */
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
    effect(() => {
      const ring = this.#ring();
      // The keys of who rings are looked at meanwhile: an answer finds them known.
      if (ring) untracked(() => void this.#seal.obstacle(ring.peerId, ring.peerDeviceId));
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
   * @param id of a guest's call, which their link says; any other has one of its own
   */
  place(peerId: UserId, media: Media, id = callId.parse(crypto.randomUUID())): void {
    this.#pending = { callId: id, peerId, media };
    clearTimeout(this.#sessionTimer);
    if (this.#signaling.status().is !== 'connecting') return this.#placePending();
    this.#sessionTimer = setTimeout(() => this.#placePending(), SESSION_WITHIN_MS);
  }

  /** Answers what rings; where its call could not be sealed nothing is said, and `unanswerable` tells why. */
  async answer(event: Answer): Promise<void> {
    const ring = untracked(this.#ring);
    if (!ring || ring.callId === untracked(this.#answering)) return;
    const { callId, peerId, peerDeviceId } = ring;
    this.#answering.set(callId);
    const reason = await this.#seal.obstacle(peerId, peerDeviceId);
    this.#answering.update(now => (now === callId ? null : now));
    // Meanwhile it may have ended, or rung up to be the current one.
    if (untracked(this.#ring)?.callId !== callId) return;
    this.#unanswerable.set(reason && { callId, reason });
    if (reason === null) this.dispatch(untracked(this.waiting) === null ? { ...event, type: 'accept' } : event);
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
    frames.forEach(frame => this.#send(frame));
    if (next === before) return;
    this.#signaling.nameCalls(namedCalls(next));
    this.#sealing.keep(namedCalls(next));
    this.#calls.set(next);
  }

  /** Says something to this device in the other seat of this call, or to one that is to take that seat over. */
  say(id: CallId, deviceId: DeviceId, type: SeatType, link: number, data: string): void {
    const call = withId(untracked(this.#calls), id);
    if (!call || !isInCall(call) || !linkTo(call, deviceId)) return;
    this.#sealing.say({ userId: call.peerId, deviceId }, { type, callId: id, link, data }, this.#ends);
  }

  /** Ends a call whose other seat is not the one that it was, or to which nothing can be said. */
  unsealed(id: CallId, reason: UnsealedReason): void {
    this.dispatch({ type: 'unsealed', callId: id, reason });
  }

  #placePending(): void {
    const pending = this.#pending;
    if (!pending) return;
    this.#pending = null;
    clearTimeout(this.#sessionTimer);
    const live = this.#signaling.status().is === 'live';
    this.dispatch({ type: 'place', ...pending, live });
  }

  /** An invite waits for the look at the keys of its callee. A call that is left before was never spoken of. */
  #send(frame: Unnumbered<ClientCallFrame>): void {
    if (frame.type === 'call.invite') {
      this.#unsaid = frame;
      void this.#sayInvite(frame);
    } else if (frame.callId !== this.#unsaid?.callId) this.#signaling.send(frame);
    else if (frame.type === 'call.hangup') this.#unsaid = null;
  }

  async #sayInvite(invite: Invite): Promise<void> {
    const reason = await this.#seal.obstacle(invite.receiverId);
    if (this.#unsaid !== invite) return;
    if (reason !== null) return this.unsealed(invite.callId, reason);
    this.#unsaid = null;
    this.#signaling.send(invite);
  }

  /** Own call frames that the server has not confirmed. */
  #unconfirmed(): Unnumbered<ClientCallFrame>[] {
    const said = this.#signaling.unconfirmed().filter(isCallFrame);
    return this.#unsaid ? [...said, this.#unsaid] : said;
  }

  #leaveSession(): void {
    this.#pending = null;
    this.dispatch({ type: 'page-hidden' });
  }

  #hear(frame: Heard): void {
    this.#guests.hear(frame);
    if (frame.type === 'welcome') this.#welcomed(frame);
    else if (isSeatFrame(frame)) this.#sealing.hear(frame, this.#ends);
    else if (frame.type === 'fault' || 'callId' in frame) this.dispatch({ type: 'frame', frame });
    this.#drawHidden();
  }

  #heardSeat(frame: FromSeat): void {
    this.dispatch({ type: 'frame', frame });
    if (this.#isSeated(frame.callId, { userId: frame.senderId, deviceId: frame.deviceId }))
      this.#seatFrames.next(frame);
    this.#drawHidden();
  }

  /** A hidden page draws nothing for up to a second: its ring must not wait for that. */
  #drawHidden(): void {
    if (document.hidden) queueMicrotask(() => this.#app.tick());
  }

  #isSeated(id: CallId, { userId, deviceId }: DeviceAddress): boolean {
    const call = withId(untracked(this.#calls), id);
    return call !== undefined && isInCall(call) && call.peerId === userId && linkTo(call, deviceId) !== undefined;
  }

  #arrives(id: CallId, deviceId: DeviceId): boolean {
    const call = withId(untracked(this.#calls), id);
    return call !== undefined && isInCall(call) && call.next.has(deviceId);
  }

  /** A call that is up goes on: only what would change its link cannot be said. */
  #sealRefused(id: CallId, reason: UnsealedReason): void {
    const call = withId(untracked(this.#calls), id);
    if (call && isInCall(call) && call.connectedAt === null) this.unsealed(id, reason);
  }

  /** After `new` this page says again what leaves a call and an accept it stands by; all else was lost with its session. */
  #welcomed({ how, calls = [] }: Welcome): void {
    const unconfirmed = this.#unconfirmed();
    const own = untracked(this.#calls);
    const waiting = how === 'new' ? unconfirmed.filter(frame => survivesNewSession(frame, own)) : unconfirmed;
    if (how === 'new') waiting.forEach(frame => this.#signaling.send(frame));
    this.dispatch({ type: 'welcome', how, calls, waiting });
  }

  #signalingLost(): void {
    this.dispatch({ type: 'signaling-lost', waiting: this.#unconfirmed() });
  }
}
