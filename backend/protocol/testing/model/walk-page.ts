import { concernsLink, nextCall, survivesNewSession } from '#protocol/call-client';
import { type ClientCallEvent } from '#protocol/call-client-events';
import { type ClientCall, IDLE, isInCall, linkWanted, namedCall, onlyLink } from '#protocol/call-client-state';
import { isSeatFrame, type SeatType } from '#protocol/call-frames';
import { type DeviceAddress, type SessionId } from '#protocol/ids';
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
  call: ClientCall = IDLE;
  link: WalkLink | null = null;
  wire: Wire | null = null;
  live = false;
  isOpen = true;
  /** The media state last said, and the one last heard of the other seat: `callId:number`. */
  mediaSaid = '';
  mediaHeard = '';
  #session: SessionId | null = null;
  #box: Outbox<Said> = emptyOutbox();
  #returns = 0;
  #mediaCount = 0;

  constructor(seat: DeviceAddress) {
    this.seat = seat;
  }

  // ------------------------------------------------------------------ the session

  connect(): Wire {
    const resume = this.#session === null ? {} : { session: this.#session, received: this.#box.received };
    const call = namedCall(this.call);
    const hello = { type: 'hello', token: 't', ...resume, ...(call === undefined ? {} : { call }) };
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
    this.call = IDLE;
    this.link = null;
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
    const waiting = unconfirmed(this.#box).filter(frame => survivesNewSession(frame, this.call));
    this.#session = welcome.session;
    this.#box = emptyOutbox();
    for (const frame of waiting) this.say(frame);
    this.dispatch(this.#welcome(welcome, waiting));
  }

  #welcome({ how, call }: Welcome, waiting: readonly Said[]): ClientCallEvent {
    return { type: 'welcome', how, call, waiting };
  }

  // ------------------------------------------------------------------ the call

  dispatch(event: ClientCallEvent, now = 0): void {
    const [call, frames] = nextCall(this.call, event, now);
    const before = this.call;
    this.call = call;
    for (const frame of frames) this.say(frame);
    this.#reconcile(before);
  }

  #heard(frame: ServerFrame): void {
    if (frame.type !== 'fault' && !('callId' in frame)) return;
    this.dispatch({ type: 'frame', frame });
    if (!isSeatFrame(frame) || !isInCall(this.call) || this.call.callId !== frame.callId) return;
    if (frame.type === 'call.media-state') this.mediaHeard = `${frame.callId}:${frame.data}`;
    else if (concernsLink(this.call, frame) && this.link?.hear(frame.type, frame.data))
      this.dispatch({ type: 'link-negotiated', callId: frame.callId, link: frame.link });
  }

  /** Link and media state follow from the state of the call. */
  #reconcile(before: ClientCall): void {
    const wanted = linkWanted(this.call);
    const isOther = wanted?.callId !== this.link?.callId || wanted?.link !== this.link?.number;
    if (isOther) this.link = wanted && new WalkLink(wanted, (type, data) => this.#route(type, data));
    if (!isInCall(this.call)) return;
    const isNew = !isInCall(before) || before.callId !== this.call.callId;
    const returns = onlyLink(this.call)?.returns ?? 0;
    const isBack = !isNew && returns > this.#returns;
    this.#returns = returns;
    if (isNew || isOther || isBack) this.#sayMedia();
    this.link?.mayOffer(isBack);
  }

  #sayMedia(): void {
    this.#route('call.media-state', String(++this.#mediaCount));
    this.mediaSaid = isInCall(this.call) ? `${this.call.callId}:${this.#mediaCount}` : '';
  }

  #route(type: SeatType, data: string): void {
    if (!isInCall(this.call)) return;
    const { callId, peerId: receiverId } = this.call;
    const link = onlyLink(this.call)?.number ?? 1;
    this.say({ type, receiverId, callId, link, data });
  }

  /** The link comes up or goes down under this page. */
  linkChanged(type: 'link-up' | 'link-down' | 'link-broken'): void {
    const { link } = this;
    if (!link) return;
    if (type === 'link-up') link.isUp = true;
    if (type === 'link-down') link.goesDown();
    this.dispatch({ type, callId: link.callId, link: link.number });
    if (type === 'link-down') link.restart();
  }
}
