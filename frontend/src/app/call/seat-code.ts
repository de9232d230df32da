import { computed, effect, inject, type Signal, signal, untracked } from '@angular/core';
import { type CallId, type DeviceAddress } from '#protocol/ids';
import { writeContent } from '#protocol/content';
import { base64, random } from '../../../crypto/bytes.ts';
import type { CallCode, CallSeen } from '../../../crypto/call-code.ts';
import { commitment, NONCE_BYTES } from '../../../crypto/spoken-code.ts';
import { CallSeal } from '../crypto/call-seal';
import { type LinkMessage, readLinkMessage } from './link-message';
import { SeatCertificate } from './seat-certificate';

/** One link of this page's seat in a call. */
export interface CodeSeat {
  readonly callId: CallId;
  /** Whether this end commits: who was in the call first. */
  readonly isCaller: Signal<boolean>;
  /** The device at the other end, once it is known. */
  readonly peer: Signal<DeviceAddress | null>;
  /** What the other end has revealed in its media state. */
  readonly peerNonce: Signal<string | undefined>;
  /** The other end has revealed another nonce than it has committed to. */
  readonly refused: () => void;
}

/**
 * The code that the two persons of a call say to each other (CA38): the caller commits to a nonce in its offer, the callee answers
 * with its fingerprint and repeats the commitment, the caller reveals the nonce. Nothing of the call waits for it. To be made in an
 * injection context.
 */
export class SeatCode {
  readonly #seal = inject(CallSeal);
  readonly #seat: CodeSeat;
  readonly #own = new SeatCertificate();
  readonly #peers = new SeatCertificate();
  readonly #nonce = base64(random(NONCE_BYTES));
  readonly #commitment = signal<string | undefined>(undefined);
  readonly #code = signal<CallCode | null>(null);

  readonly code = this.#code.asReadonly();
  /** Settles when this end knows what it commits to. */
  readonly committed: Promise<void>;
  /** What the media state of this end reveals. */
  readonly revealed = computed(() => {
    const committed = this.#commitment();
    const isTaken = committed !== undefined && this.#peers.pinned()?.commitment === committed;
    return this.#seat.isCaller() && isTaken ? this.#nonce : undefined;
  });
  readonly #seen = computed(() => this.#seenNow(), { equal: (a, b) => JSON.stringify(a) === JSON.stringify(b) });

  constructor(seat: CodeSeat) {
    this.#seat = seat;
    this.committed = this.#commit();
    effect(() => {
      const seen = this.#seen();
      if (seen !== null) untracked(() => void this.#make(seen));
    });
  }

  /** A message of this end, a description with what it commits to. */
  said(message: LinkMessage): LinkMessage {
    const content = readLinkMessage(message);
    if (content?.kind !== 'description') return message;
    this.#own.allows(content.description);
    const committed = untracked(() => (this.#seat.isCaller() ? this.#commitment() : this.#peers.pinned()?.commitment));
    return committed === undefined
      ? message
      : { ...message, data: writeContent({ ...content.description, commitment: committed }) };
  }

  /** @returns whether a message of the other end may be set (CA37) */
  allows(message: LinkMessage): boolean {
    const content = readLinkMessage(message);
    // A message that cannot be read is refused where it would be set.
    return content?.kind !== 'description' || untracked(() => this.#peers.allows(content.description));
  }

  async #commit(): Promise<void> {
    this.#commitment.set(await commitment(this.#nonce));
  }

  #seenNow(): CallSeen | null {
    const peer = this.#seat.peer();
    const [own, theirs] = [this.#own.pinned(), this.#peers.pinned()];
    const nonce = this.#seat.isCaller() ? this.revealed() : this.#seat.peerNonce();
    if (peer === null || own === null || nonce === undefined) return null;
    if (theirs?.commitment === undefined) return null;
    return {
      callId: this.#seat.callId,
      as: this.#seat.isCaller() ? 'caller' : 'callee',
      peer,
      fingerprint: own.fingerprint,
      peerFingerprint: theirs.fingerprint,
      commitment: theirs.commitment,
      nonce,
    };
  }

  async #make(seen: CallSeen): Promise<void> {
    const code = await this.#seal.codeOf(seen);
    if (code.ok) this.#code.set(code.value);
    else if (code.error === 'not-committed') this.#seat.refused();
  }
}
