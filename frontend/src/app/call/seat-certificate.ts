import { signal } from '@angular/core';
import { type Description } from '#protocol/content';
import { fingerprintOf } from '#protocol/crypto/fingerprint';

/** ECDSA on P-256, what browsers make for a connection that names none. */
const KEYS: EcKeyGenParams = { name: 'ECDSA', namedCurve: 'P-256' };

/** The certificate of this page's seat in one call: for all links of it, and for no other call. */
export const makeCertificate = (): Promise<RTCCertificate> => RTCPeerConnection.generateCertificate(KEYS);

/** A fingerprint, and the commitment that came with it: of two, what is said first counts. */
export interface Pinned {
  readonly fingerprint: string;
  readonly commitment: string | undefined;
}

/** The certificate of a seat: the first fingerprint that it says is its only one. */
export class SeatCertificate {
  readonly #pinned = signal<Pinned | null>(null);
  readonly pinned = this.#pinned.asReadonly();

  /** @returns whether a description may be set: false where it shows another certificate, several, or one that is not named by SHA-256 */
  allows({ sdp, commitment }: Description): boolean {
    const fingerprint = fingerprintOf(sdp);
    if (!fingerprint.ok) return false;
    if (this.#pinned() === null) this.#pinned.set({ fingerprint: fingerprint.value, commitment });
    return fingerprint.value === this.#pinned()?.fingerprint;
  }
}
