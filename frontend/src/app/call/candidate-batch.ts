import { type Candidates, writeContent } from '#protocol/content';
import { CANDIDATE_BATCH } from '#protocol/limits';
import { type LinkMessage } from './link-message';

/** A host gathers its own addresses within a few milliseconds: waiting this long makes one frame of them. */
const BATCH_MS = 20;

/**
 * Collects gathered candidates and sends them in small batches, in gathering order (RFC 8838).
 * The empty candidate (end-of-candidates of one generation, RFC 8840) is one of them; `null` is not sent.
 */
export class CandidateBatch {
  readonly #send: (message: LinkMessage) => void;
  #waiting: Candidates = [];
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(send: (message: LinkMessage) => void) {
    this.#send = send;
  }

  add(candidate: RTCIceCandidate | null): void {
    if (candidate === null) return;
    const { candidate: line, sdpMid, sdpMLineIndex, usernameFragment } = candidate;
    this.#waiting.push({ candidate: line, sdpMid, sdpMLineIndex, usernameFragment });
    if (this.#waiting.length === CANDIDATE_BATCH) this.flush();
    else this.#timer ??= setTimeout(() => this.flush(), BATCH_MS);
  }

  /** Sends what waits now: before a description, so that no candidate of an older generation comes after it. */
  flush(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    if (this.#waiting.length === 0) return;
    const batch = this.#waiting;
    this.#waiting = [];
    this.#send({ type: 'call.ice-candidate', data: writeContent(batch) });
  }

  /** Forgets what waits. */
  clear(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#waiting = [];
  }
}
