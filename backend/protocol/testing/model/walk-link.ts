import { type SeatType } from '#protocol/call-frames';
import { type LinkWanted } from '#protocol/call-client-state';
import { type CallId } from '#protocol/ids';

type Say = (type: Exclude<SeatType, 'call.media-state'>, data: string) => void;

let offers = 0;

/**
 * A peer connection without media: perfect negotiation over what the call machine lets through. An offer is a number;
 * two links that agree on one, and have heard candidates of each other for it, can come up.
 */
export class WalkLink {
  readonly callId: CallId;
  readonly number: number;
  isUp = false;
  agreed: string | null = null;
  candidates = 0;
  readonly #role: 'polite' | 'impolite';
  readonly #say: Say;
  #unanswered: string | null = null;
  #hasAnswered = false;

  constructor({ callId, link, role }: LinkWanted, say: Say) {
    this.callId = callId;
    this.number = link;
    this.#role = role;
    this.#say = say;
  }

  /** The caller offers once it may; `isBack`: signaling has come back, and what was said may never have arrived. */
  mayOffer(isBack: boolean): void {
    const isFirst = this.#role === 'impolite' && this.agreed === null && this.#unanswered === null;
    if (isFirst || (isBack && (!this.isUp || this.#unanswered !== null))) this.restart();
  }

  /** Offers anew; an offer that stands unanswered is rolled back. A callee that has never answered waits. */
  restart(): void {
    if (this.#role === 'polite' && !this.#hasAnswered) return;
    this.#unanswered = String(++offers);
    this.#say('call.offer', this.#unanswered);
    this.#trickle(this.#unanswered);
  }

  goesDown(): void {
    this.isUp = false;
    this.agreed = null;
  }

  /** @returns whether both descriptions are set now */
  hear(type: string, text: string): boolean {
    const [of = '', index] = text.split('/');
    if (type === 'call.ice-candidate') {
      if (of !== this.agreed) return false;
      // The bus may lose some of them; none comes twice, and none overtakes another.
      if (Number(index) < this.candidates) throw new Error(`candidate ${text} comes after number ${this.candidates}`);
      this.candidates = Number(index) + 1;
      return false;
    }
    if (type === 'call.answer') return of === this.#unanswered && this.#agree(of);
    if (this.#role === 'impolite' && this.#unanswered !== null) return false;
    this.#hasAnswered = true;
    this.#agree(of);
    this.#say('call.answer', of);
    this.#trickle(of);
    return true;
  }

  #agree(on: string): boolean {
    this.#unanswered = null;
    this.agreed = on;
    this.candidates = 0;
    return true;
  }

  #trickle(of: string): void {
    for (let i = 0; i < 3; i++) this.#say('call.ice-candidate', `${of}/${i}`);
  }
}
