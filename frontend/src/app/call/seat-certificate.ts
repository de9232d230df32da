import { fingerprintOf } from '#protocol/crypto/fingerprint';
import { type LinkMessage, readLinkMessage } from './link-message';

/** ECDSA on P-256, what browsers make for a connection that names none. */
const KEYS: EcKeyGenParams = { name: 'ECDSA', namedCurve: 'P-256' };

/** The certificate of this page's seat in one call: for all links of it, and for no other call. */
export const makeCertificate = (): Promise<RTCCertificate> => RTCPeerConnection.generateCertificate(KEYS);

/** The certificate of the other seat: the first fingerprint that it says is its only one. */
export class SeatCertificate {
  #pinned: string | undefined;

  /** @returns whether a message may be set: false where it shows another certificate, several, or one that is not named by SHA-256 */
  allows(message: LinkMessage): boolean {
    const content = readLinkMessage(message);
    // A message that cannot be read is refused where it would be set.
    if (content?.kind !== 'description') return true;
    const fingerprint = fingerprintOf(content.description.sdp);
    if (!fingerprint.ok) return false;
    this.#pinned ??= fingerprint.value;
    return fingerprint.value === this.#pinned;
  }
}
