import { type Candidates, type Description, writeContent } from '#protocol/content';
import { CandidateBatch } from './candidate-batch';
import { type LinkMessage, readLinkMessage } from './link-message';

/** Most candidates of the peer that wait for its description, and most that are looked at in a link's life. */
const MOST_EARLY = 100;
const MOST_CANDIDATES = 2_000;

/** The part of a link that negotiation needs. */
export interface NegotiationOptions {
  /** The caller is impolite, the callee polite. */
  readonly polite: boolean;
  readonly send: (message: LinkMessage) => void;
  /** An offer was set and is about to be answered: the callee takes the transceivers now. */
  readonly offered: () => void;
  /** A description of each end is set. */
  readonly described: () => void;
  /** This peer connection refused a description of the other end: no later one can be trusted to fit. */
  readonly broken: (cause: unknown) => void;
}

/**
 * The perfect negotiation of the W3C (WebRTC 1.0, 10.7) over one `RTCPeerConnection`, with two additions:
 *
 * - Offers are held: the caller's until its call is accepted, the callee's until it has answered once.
 * - Offers have a `round`, which their answer repeats: after a rollback the answer to the lost offer may still arrive.
 *
 * `negotiationneeded` is the only source of offers. Offers and candidates are handled one after the other; answers at
 * once, which is why `#settingAnswer` (the standard's `isSettingRemoteAnswerPending`) is needed.
 */
export class Negotiation {
  readonly #pc: RTCPeerConnection;
  readonly #options: NegotiationOptions;
  readonly #outgoing: CandidateBatch;
  #makingOffer = false;
  #settingAnswer = false;
  #held = true;
  #wanted = false;
  #round = 0;
  #answering = 0;
  #early: RTCIceCandidateInit[] = [];
  #candidates = 0;
  #inbox = Promise.resolve();

  constructor(pc: RTCPeerConnection, options: NegotiationOptions) {
    this.#pc = pc;
    this.#options = options;
    this.#outgoing = new CandidateBatch(options.send);
    pc.onnegotiationneeded = () => this.#needed();
    pc.onicecandidate = event => this.#outgoing.add(event.candidate);
  }

  /** Whether an offer of this end waits for its answer. */
  get unanswered(): boolean {
    return this.#makingOffer || this.#pc.signalingState === 'have-local-offer';
  }

  /** Lets offers out; one that was wanted meanwhile is made now. */
  release(): void {
    this.#held = false;
    if (this.#wanted) void this.#offer();
  }

  /** Takes a message of the other end; settles when it was handled, and never rejects. */
  receive(message: LinkMessage): Promise<void> {
    const content = readLinkMessage(message);
    // An impolite end that still holds its offer is not accepted yet: nothing may leave it, no answer either.
    if (content === undefined || this.#closed || (this.#held && !this.#options.polite)) return Promise.resolve();
    if (content.kind === 'description' && content.description.type === 'answer') {
      return this.#takeAnswer(content.description);
    }
    this.#inbox = this.#inbox.then(() =>
      content.kind === 'description' ? this.#takeOffer(content.description) : this.#takeCandidates(content.candidates),
    );
    return this.#inbox;
  }

  /**
   * Restarts ICE (RFC 8445, 2.4). An own offer without an answer is rolled back first: in `have-local-offer`
   * `negotiationneeded` never fires again. A callee that has never answered has nothing to restart and waits.
   *
   * The very first offer is said again instead, with the candidates it has gathered since: rolled back, its sections
   * would get new names (`mid`), which a callee whose answer was lost could not set.
   */
  async restart(): Promise<void> {
    if (this.#closed || this.#held) return;
    if (this.#pc.signalingState === 'have-local-offer') {
      if (this.#pc.currentRemoteDescription === null) return this.#sayFirstAgain();
      this.#round += 1;
      await this.#pc.setLocalDescription({ type: 'rollback' }).catch(this.#ignoreWhenClosed);
    }
    if (!this.#closed) this.#pc.restartIce();
  }

  /** Takes the handlers off; the owner of the peer connection closes it. */
  close(): void {
    this.#pc.onnegotiationneeded = null;
    this.#pc.onicecandidate = null;
    this.#outgoing.clear();
    this.#early = [];
  }

  get #closed(): boolean {
    return this.#pc.signalingState === 'closed';
  }

  #needed(): void {
    if (this.#held) this.#wanted = true;
    else void this.#offer();
  }

  async #offer(): Promise<void> {
    this.#wanted = false;
    try {
      this.#makingOffer = true;
      await this.#pc.setLocalDescription();
      this.#sendLocal();
    } catch (cause) {
      if (!this.#closed) this.#options.broken(cause);
    } finally {
      this.#makingOffer = false;
    }
  }

  /** Sends the description just set, whichever it was: a polite end may find itself answering instead of offering. */
  #sendLocal(): void {
    const local = this.#pc.localDescription;
    if (local === null || this.#closed) return;
    this.#outgoing.flush();
    if (local.type === 'offer') this.#say({ type: 'offer', sdp: local.sdp, round: (this.#round += 1) });
    else if (local.type === 'answer') this.#say({ type: 'answer', sdp: local.sdp, round: this.#answering });
    if (this.#pc.currentRemoteDescription !== null) this.#options.described();
  }

  #sayFirstAgain(): void {
    const sdp = this.#pc.localDescription?.sdp;
    this.#outgoing.clear();
    if (sdp !== undefined) this.#say({ type: 'offer', sdp, round: this.#round });
  }

  #say(description: Description): void {
    this.#options.send({ type: `call.${description.type}`, data: writeContent(description) });
  }

  async #takeAnswer(answer: Description): Promise<void> {
    const awaited = this.#pc.signalingState === 'have-local-offer' && answer.round === this.#round;
    if (!awaited || this.#settingAnswer) return;
    try {
      this.#settingAnswer = true;
      const set = this.#pc.setRemoteDescription(answer);
      this.#addEarly();
      await set;
      this.#options.described();
    } catch (cause) {
      if (!this.#closed) this.#options.broken(cause);
    } finally {
      this.#settingAnswer = false;
    }
  }

  async #takeOffer(offer: Description): Promise<void> {
    const { signalingState } = this.#pc;
    const ready = !this.#makingOffer && (signalingState === 'stable' || this.#settingAnswer);
    const ignored = !this.#options.polite && !ready;
    if (ignored || this.#closed) return;
    try {
      const set = this.#pc.setRemoteDescription(offer);
      this.#answering = offer.round;
      this.#addEarly();
      await set;
      this.#options.offered();
      await this.#pc.setLocalDescription();
      this.#sendLocal();
      this.#held = false;
    } catch (cause) {
      if (!this.#closed) this.#options.broken(cause);
    }
  }

  async #takeCandidates(batch: Candidates): Promise<void> {
    this.#candidates += batch.length;
    if (this.#candidates > MOST_CANDIDATES || this.#closed) return;
    if (this.#pc.remoteDescription === null && !this.#settingAnswer) {
      this.#early.push(...batch.slice(0, MOST_EARLY - this.#early.length).map(toInit));
      return;
    }
    await Promise.all(batch.map(candidate => this.#add(toInit(candidate))));
  }

  /** `setRemoteDescription` is already in the connection's operations chain, so these come after it and in order. */
  #addEarly(): void {
    const early = this.#early;
    this.#early = [];
    for (const candidate of early) void this.#add(candidate);
  }

  async #add(candidate: RTCIceCandidateInit): Promise<void> {
    // One of an ignored offer, of an older generation, or a malformed one: it costs a path, never the link.
    await this.#pc.addIceCandidate(candidate).catch(() => undefined);
  }

  readonly #ignoreWhenClosed = (cause: unknown): void => {
    if (!this.#closed) this.#options.broken(cause);
  };
}

const toInit = ({ candidate, sdpMid, sdpMLineIndex, usernameFragment }: Candidates[number]): RTCIceCandidateInit => ({
  candidate,
  sdpMid: sdpMid ?? null,
  sdpMLineIndex: sdpMLineIndex ?? null,
  usernameFragment: usernameFragment ?? null,
});
