import { type CallId } from '#protocol/ids';
import { base64, fields, sha256, type Bytes } from './bytes.ts';

/*
 * Four emoji that two people in a call say to each other, for those who never compared their identities. Both ends compute them from
 * what each knows for itself, so that identities or fingerprints that somebody exchanged between them give two different codes. A
 * code of 24 bits would be found by trying; so the callee commits to a random nonce before it knows the caller's fingerprint, and
 * reveals it afterwards.
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

/** What `call.accept` carries: it binds the callee's certificate and nonce without telling the nonce. */
export const commitment = async (fingerprint: string, nonce: Bytes): Promise<string> =>
  base64(await sha256(fields('parley call commitment v1', fingerprint, nonce)));

/** Whether a revealed nonce is the one that was committed to; otherwise the call is refused. */
export const isCommitted = async (committed: string, fingerprint: string, nonce: Bytes): Promise<boolean> =>
  nonce.length === NONCE_BYTES && (await commitment(fingerprint, nonce)) === committed;

/** @returns four numbers of 0 to 63: the emoji by their place in the list */
export async function spokenCode(callId: CallId, caller: CallEnd, callee: CallEnd, nonce: Bytes): Promise<number[]> {
  const of = ({ masterKey, deviceKey, fingerprint }: CallEnd) => [masterKey, deviceKey, fingerprint];
  const hash = await sha256(fields('parley call code v1', callId, ...of(caller), ...of(callee), nonce));
  const bits = new DataView(hash.buffer).getUint32(0) >>> 8;
  return Array.from({ length: CODE_EMOJI }, (_, i) => (bits >>> (6 * (CODE_EMOJI - 1 - i))) & 63);
}
