import { concernsLink, nextCalls, survivesNewSession } from '#protocol/call-client';
import { type ClientCallEvent } from '#protocol/call-client-events';
import {
  allOf,
  type AnyCall,
  type ClientCall,
  type ClientCalls,
  deviceAcross,
  IDLE,
  isInCall,
  linkWanted,
  namedCalls,
  NO_CLIENT_CALLS,
  onlyLink,
  withId,
} from '#protocol/call-client-state';
import { isSeatFrame, type SeatType } from '#protocol/call-frames';
import { type CallId, type DeviceAddress, type SessionId } from '#protocol/ids';
import { type ClientCallFrame, type ServerFrame, type Unnumbered } from '#protocol/messages';
import { confirm, emptyOutbox, type Outbox, receive, resend, send, sendAck, unconfirmed } from '#protocol/outbox';
import { parseServerFrame } from '#protocol/parse';
import { type Welcome } from '#protocol/session-frames';
import { WalkLink } from '#protocol/testing/model/walk-link';
import { type Wire } from '#protocol/testing/model/walk-wire';

type Said = Unnumbered<ClientCallFrame>;

/** A page's shell on a walk: its session with a real outbox and real frames, its call, and a link without media. */
export class WalkPage {
  readonly seat: DeviceAddress;
  calls: ClientCalls = NO_CLIENT_CALLS;
  readonly links = new Map<CallId, WalkLink>();
  wire: Wire | null = null;
  live = false;
  isOpen = true;
  /** The media state last said in each call, and the one last heard of the other seat. */
  readonly mediaSaid = new Map<CallId, string>();
  readonly mediaHeard = new Map<CallId, string>();
  #session: SessionId | null = null;
  #box: Outbox<Said> = emptyOutbox();
  readonly #returns = new Map<CallId, number>();
  #mediaCount = 0;

  constructor(seat: DeviceAddress) {
    this.seat = seat;
  }

  // ------------------------------------------------------------------ the session

  connect(): Wire {
    const resume = this.#session === null ? {} : { session: this.#session, received: this.#box.received };
    const calls = namedCalls(this.calls);
    const hello = { type: 'hello', token: 't', ...resume, ...(calls.length === 0 ? {} : { calls }) };
    this.wire = { up: [JSON.stringify(hello)], down: [] };
    this.isOpen = true;
    return this.wire;
  }

  lose(): void {
    this.wire = null;
    this.live = false;
    this.dispatch({ type: 'signaling-lost', waiting: unconfirmed(this.#box) });
  }

  /** The page is gone with all it knew; only what its socket already had may still arrive. */
  close(): void {
    this.calls = NO_CLIENT_CALLS;
    this.links.clear();
    this.wire = null;
    this.live = false;
    this.isOpen = false;
    this.#session = null;
    this.#box = emptyOutbox();
  }

  acknowledge(): void {
    const [box, text] = sendAck(this.#box);
    this.#box = box;
    this.wire?.up.push(text);
  }

  say(frame: Said): void {
    const [box, text] = send(this.#box, frame);
    if (text === null) throw new Error('the outbox of a page is full');
    this.#box = box;
    if (this.live) this.wire?.up.push(text);
  }

  hear(text: string): void {
    const parsed = parseServerFrame(text);
    if (!parsed.ok) throw new Error(`the server says what no server may say: ${text}`);
    const frame = parsed.value;
    if (!this.live && frame.type === 'welcome' && frame.n === undefined) return this.#greeted(frame);
    if (frame.type === 'welcome' && frame.ack < this.#box.confirmed) return this.#beginAnew();
    const ack = frame.type === 'ack' ? frame.upTo : 'ack' in frame ? frame.ack : undefined;
    if (ack !== undefined) this.#box = confirm(this.#box, ack) ?? this.#box;
    const [box, verdict] = receive(this.#box, 'n' in frame ? (frame.n ?? 0) : 0);
    if (verdict === 'gap') throw new Error('a frame of the server is missing');
    this.#box = box;
    if (verdict === 'duplicate') return;
    if (frame.type === 'welcome') this.dispatch(this.#welcome(frame, unconfirmed(this.#box)));
    else this.#heard(frame);
  }

  /** CA18: a picture from before frames that a resume has confirmed since cannot be laid under them any more. */
  #beginAnew(): void {
    this.#session = null;
    this.lose();
  }

  #greeted(welcome: Welcome): void {
    this.live = true;
    if (welcome.how === 'resumed') {
      this.#box = confirm(this.#box, welcome.ack) ?? this.#box;
      this.wire?.up.push(...resend(this.#box));
      this.dispatch(this.#welcome(welcome, []));
      return;
    }
    const waiting = unconfirmed(this.#box).filter(frame => survivesNewSession(frame, this.calls));
    this.#session = welcome.session;
    this.#box = emptyOutbox();
    for (const frame of waiting) this.say(frame);
    this.dispatch(this.#welcome(welcome, waiting));
  }

  #welcome({ how, calls = [] }: Welcome, waiting: readonly Said[]): ClientCallEvent {
    return { type: 'welcome', how, calls, waiting };
  }

  // ------------------------------------------------------------------ the calls

  /** The current one. */
  get call(): ClientCall {
    return this.calls.current;
  }

  dispatch(event: ClientCallEvent, now = 0): void {
    const [calls, frames] = nextCalls(this.calls, event, now);
    const before = this.calls;
    this.calls = calls;
    for (const frame of frames) this.say(frame);
    this.#reconcile(before);
  }

  #heard(frame: ServerFrame): void {
    if (frame.type !== 'fault' && !('callId' in frame)) return;
    this.dispatch({ type: 'frame', frame });
    if (!isSeatFrame(frame)) return;
    const { callId } = frame;
    const call = withId(this.calls, callId);
    if (!call || !isInCall(call)) return;
    if (frame.type === 'call.media-state') this.mediaHeard.set(callId, frame.data);
    else if (concernsLink(call, frame) && this.links.get(callId)?.hear(frame.type, frame.data))
      this.dispatch({ type: 'link-negotiated', callId, deviceId: frame.deviceId, link: frame.link });
  }

  /** Links and media states follow from the state of the calls. */
  #reconcile(before: ClientCalls): void {
    for (const callId of this.links.keys()) if (!withId(this.calls, callId)) this.links.delete(callId);
    for (const call of allOf(this.calls)) this.#reconcileOne(call, withId(before, call.callId), before);
  }

  #reconcileOne(call: AnyCall, before: AnyCall | undefined, calls: ClientCalls): void {
    const { callId } = call;
    const wanted = linkWanted(call);
    const known = this.links.get(callId);
    const isOther = wanted?.link !== known?.number;
    if (isOther && wanted)
      this.links.set(callId, new WalkLink(wanted, (type, data) => this.#route(callId, type, data)));
    else if (isOther) this.links.delete(callId);
    if (!isInCall(call)) return;
    const isNew = !before || !isInCall(before);
    const returns = onlyLink(call)?.returns ?? 0;
    const isBack = !isNew && returns > (this.#returns.get(callId) ?? 0);
    this.#returns.set(callId, returns);
    const isMoved = (calls.held?.callId === callId) !== (this.calls.held?.callId === callId);
    if (isNew || isOther || isBack || isMoved) this.#sayMedia(callId);
    this.links.get(callId)?.mayOffer(isBack);
  }

  #sayMedia(callId: CallId): void {
    const state = `${++this.#mediaCount}${this.calls.held?.callId === callId ? ' held' : ''}`;
    this.#route(callId, 'call.media-state', state);
    this.mediaSaid.set(callId, state);
  }

  #route(callId: CallId, type: SeatType, data: string): void {
    const call = withId(this.calls, callId);
    if (!call || !isInCall(call)) return;
    this.say({ type, receiverId: call.peerId, callId, link: onlyLink(call)?.number ?? 1, data });
  }

  /** The link of this call comes up or goes down under this page. */
  linkChanged(type: 'link-up' | 'link-down' | 'link-broken', callId: CallId): void {
    const link = this.links.get(callId);
    if (!link) return;
    if (type === 'link-up') link.isUp = true;
    if (type === 'link-down') link.goesDown();
    const deviceId = deviceAcross(withId(this.calls, callId) ?? IDLE);
    if (deviceId !== undefined) this.dispatch({ type, callId: link.callId, deviceId, link: link.number });
    if (type === 'link-down') link.restart();
  }
}
