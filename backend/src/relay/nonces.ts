import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto';

/** How long a nonce is taken, in ms; afterwards the client is given another (438, RFC 8489, 9.2.4). */
const NONCE_MS = 600_000;
const MAC_LENGTH = 16;

/** Nonces that are remembered by nobody: each carries when it was made, signed together with the address it was given to. */
export class Nonces {
  readonly #key = randomBytes(32);

  /** @param remote address and port of the client */
  make(remote: string, now: number): string {
    const madeAt = Math.trunc(now).toString(16);
    return `${madeAt}.${this.#mac(madeAt, remote)}`;
  }

  isFresh(nonce: string, remote: string, now: number): boolean {
    const [madeAt = '', mac = ''] = nonce.split('.');
    const expected = this.#mac(madeAt, remote);
    if (mac.length !== expected.length || !timingSafeEqual(Buffer.from(mac), Buffer.from(expected))) return false;
    const age = now - Number.parseInt(madeAt, 16);
    return age >= 0 && age < NONCE_MS;
  }

  #mac(madeAt: string, remote: string): string {
    return createHmac('sha256', this.#key).update(`${madeAt} ${remote}`).digest('hex').slice(0, MAC_LENGTH);
  }
}
