import { callId, type CallId, type UserId } from '#protocol/ids';
import { type FromSeat } from '#protocol/call-frames';
import { type SeatSaid } from '#protocol/crypto/seat-plaintext';
import { base64, type Bytes, fields, fromBase64, random, utf8, uuidOf } from './bytes.ts';

/** The secret of a link for a guest: 128 random bits. */
const SECRET_BYTES = 16;
const IV_BYTES = 12;

const toUrl = (bytes: Uint8Array): string => base64(bytes).replaceAll('+', '-').replaceAll('/', '_');

/** The fragment of a new link: its secret in base64url. */
export const newSecret = (): string => toUrl(random(SECRET_BYTES));

/** The secret in the fragment of a link; null where the fragment is none. */
export const readSecret = (fragment: string | null): string | null =>
  fragment !== null && /^[\w-]{22}$/.test(fragment) ? fragment : null;

/** HKDF-SHA-256 (RFC 5869) of a link's secret, without a salt. */
async function derived(
  secret: string,
  info: Bytes,
): Promise<{ bits(length: number): Promise<Bytes>; aes(): Promise<CryptoKey> }> {
  const bytes = fromBase64(secret.replaceAll('-', '+').replaceAll('_', '/')) ?? new Uint8Array();
  const key = await crypto.subtle.importKey('raw', bytes, 'HKDF', false, ['deriveBits', 'deriveKey']);
  const by = { name: 'HKDF', hash: 'SHA-256', salt: new Uint8Array(), info };
  return {
    bits: async length => new Uint8Array(await crypto.subtle.deriveBits(by, key, length * 8)),
    aes: () => crypto.subtle.deriveKey(by, key, { name: 'AES-GCM', length: 256 }, false, ['encrypt', 'decrypt']),
  };
}

/** Proves to the server that one has the link: HKDF of the secret, from which the server cannot compute the secret. */
export const doorOf = async (secret: string): Promise<string> =>
  toUrl(await (await derived(secret, utf8('parley guest door v1'))).bits(32));

/** The id of the call of a link, derived from its secret; for others a random UUID (RFC 9562, 5.4). */
export async function callOf(secret: string): Promise<CallId> {
  const bytes = await (await derived(secret, utf8('parley guest call v1'))).bits(16);
  bytes[6] = ((bytes[6] ?? 0) & 0x0f) | 0x40;
  bytes[8] = ((bytes[8] ?? 0) & 0x3f) | 0x80;
  return callId.parse(uuidOf(bytes));
}

export type GuestSide = 'host' | 'guest';

/**
 * Between what a guest and their host say to each other and what travels (CA43): both have the link's secret and the server has
 * not. Each direction has a key of its own, and each knock, for every guest has another id.
 */
export class GuestSeal {
  readonly #own: Promise<CryptoKey>;
  readonly #theirs: Promise<CryptoKey>;
  readonly #callId: CallId;
  #said = 0;
  #heard = 0;

  constructor(secret: string, call: CallId, guest: UserId, side: GuestSide) {
    const key = async (from: GuestSide): Promise<CryptoKey> =>
      (await derived(secret, fields('parley guest seat v1', call, guest, from))).aes();
    this.#callId = call;
    this.#own = key(side);
    this.#theirs = key(side === 'host' ? 'guest' : 'host');
  }

  /** @returns the `data` of the frame */
  async seal({ type, link, data }: Pick<SeatSaid, 'type' | 'link' | 'data'>): Promise<string> {
    const counter = ++this.#said;
    const iv = random(IV_BYTES);
    const sealed = await crypto.subtle.encrypt(this.#by(iv, type, link, counter), await this.#own, utf8(data));
    return `${counter}.${base64(iv)}.${base64(new Uint8Array(sealed))}`;
  }

  /** @returns the `data` that was sealed; null: it was not, or it was heard before */
  async open({ type, link, data }: Pick<FromSeat, 'type' | 'link' | 'data'>): Promise<string | null> {
    const [, number, ivText, text] = /^([1-9]\d{0,14})\.([\w+/]+)\.([\w+/]+)$/.exec(data) ?? [];
    const [counter, iv, sealed] = [Number(number), fromBase64(ivText ?? ''), fromBase64(text ?? '')];
    if (number === undefined || counter <= this.#heard || iv?.length !== IV_BYTES || sealed === null) return null;
    try {
      const opened = await crypto.subtle.decrypt(this.#by(iv, type, link, counter), await this.#theirs, sealed);
      if (counter <= this.#heard) return null;
      this.#heard = counter;
      return new TextDecoder('utf-8', { fatal: true }).decode(opened);
    } catch {
      return null;
    }
  }

  #by(iv: Bytes, type: string, link: number, counter: number): AesGcmParams {
    return { name: 'AES-GCM', iv, additionalData: fields(this.#callId, type, String(link), String(counter)) };
  }
}
