export type Bytes = Uint8Array<ArrayBuffer>;

export const utf8 = (text: string): Bytes => new TextEncoder().encode(text);

/** Base 64 without padding (RFC 4648, 4), as Matrix writes keys and signatures. */
export function base64(bytes: Uint8Array): string {
  let binary = '';
  for (const byte of bytes) binary += String.fromCharCode(byte);
  return btoa(binary).replace(/=+$/, '');
}

/** Reads base 64, padded or not; null where the text is none. */
export function fromBase64(text: string): Bytes | null {
  try {
    return Uint8Array.from(atob(text), character => character.charCodeAt(0));
  } catch {
    return null;
  }
}

export const UUID_BYTES = 16;

export const uuidBytes = (uuid: string): Bytes =>
  Uint8Array.from(uuid.match(/[0-9a-f]{2}/g) ?? [], byte => parseInt(byte, 16));

/** The UUID that 16 bytes are; of fewer a text that is none. */
export const uuidOf = (bytes: ArrayLike<number>): string =>
  Array.from(bytes, byte => byte.toString(16).padStart(2, '0'))
    .join('')
    .replace(/^(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-');

/** Fields in one text of bytes, each behind its length (4 bytes, big-endian): no two lists of fields give the same one. */
export function fields(...parts: readonly (string | Uint8Array)[]): Bytes {
  const each = parts.map(part => (typeof part === 'string' ? utf8(part) : part));
  const all = new Uint8Array(each.reduce((sum, { length }) => sum + 4 + length, 0));
  const view = new DataView(all.buffer);
  let at = 0;
  for (const bytes of each) {
    view.setUint32(at, bytes.length);
    all.set(bytes, at + 4);
    at += 4 + bytes.length;
  }
  return all;
}

export const sha256 = async (bytes: Bytes): Promise<Bytes> =>
  new Uint8Array(await crypto.subtle.digest('SHA-256', bytes));

export const random = (length: number): Bytes => crypto.getRandomValues(new Uint8Array(length));
