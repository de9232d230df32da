import { err, ok, type Result } from '#protocol/result';

/** What is wrong with the fingerprints of a description; none of them may be set. */
export type FingerprintRefusal = 'none' | 'not-sha-256' | 'several';

const LINE = /^a=fingerprint:(.*)$/gim;
/** RFC 8122, 5: the name of the hash, and its bytes in upper case hexadecimal. */
const SHA_256 = /^sha-256 ((?:[0-9a-f]{2}:){31}[0-9a-f]{2})\s*$/i;

/**
 * The DTLS fingerprint of a session description. Each section repeats it, and a browser takes a peer whose certificate has any of
 * them: with a second fingerprint it would also accept the certificate of another peer.
 * @returns in upper case
 */
export function fingerprintOf(sdp: string): Result<string, FingerprintRefusal> {
  const found = new Set<string>();
  for (const [, line = ''] of sdp.matchAll(LINE)) {
    const hash = SHA_256.exec(line)?.[1];
    if (hash === undefined) return err('not-sha-256');
    found.add(hash.toUpperCase());
  }
  const [first] = found;
  if (first === undefined) return err('none');
  return found.size === 1 ? ok(first) : err('several');
}
