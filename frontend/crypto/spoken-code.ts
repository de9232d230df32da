import { type CallId } from '#protocol/ids';
import { base64, fields, fromBase64, sha256, utf8 } from './bytes.ts';

/*
 * Four emoji that two people in a call say to each other, for those who never compared their identities. Both ends compute them from
 * what each knows for itself, so that identities or fingerprints that somebody exchanged between them give two different codes. A
 * code of 24 bits would be found by trying; so the caller commits to a random nonce before it can know the callee's fingerprint, and
 * reveals it once that is pinned. Its own fingerprint comes in the same sealed offer as the commitment, and is pinned with it.
 */

/** One end of a call. */
export interface CallEnd {
  /** The public master key of the person, and the Ed25519 key of the device, base 64: one's own from one's own store. */
  readonly masterKey: string;
  readonly deviceKey: string;
  /** SHA-256 fingerprint of its DTLS certificate, as in SDP (RFC 8122, 5). */
  readonly fingerprint: string;
}

export const NONCE_BYTES = 32;
const CODE_EMOJI = 4;

/** What the caller's offers carry: it binds the nonce (base 64) without telling it. */
export const commitment = async (nonce: string): Promise<string> =>
  base64(await sha256(utf8(`parley call commitment v1 ${nonce}`)));

/** Whether a revealed nonce is the one that was committed to; otherwise the call is refused. */
export const isCommitted = async (committed: string, nonce: string): Promise<boolean> =>
  fromBase64(nonce)?.length === NONCE_BYTES && (await commitment(nonce)) === committed;

/** @returns four numbers of 0 to 63: the emoji by their place in the list */
export async function spokenCode(callId: CallId, caller: CallEnd, callee: CallEnd, nonce: string): Promise<number[]> {
  const of = ({ masterKey, deviceKey, fingerprint }: CallEnd) => [masterKey, deviceKey, fingerprint];
  const hash = await sha256(
    fields('parley call code v1', callId, ...of(caller), ...of(callee), fromBase64(nonce) ?? ''),
  );
  const bits = new DataView(hash.buffer).getUint32(0) >>> 8;
  return Array.from({ length: CODE_EMOJI }, (_, i) => (bits >>> (6 * (CODE_EMOJI - 1 - i))) & 63);
}
