/*
 * A recovery code as it is printed and typed: 128 bits and a checksum of 32, in Crockford's base 32
 * (https://www.crockford.com/base32.html), eight groups of four.
 */

export const RECOVERY_BYTES = 16;
const ALPHABET = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';
const CHARACTERS = 32;
const MISREAD: Readonly<Record<string, string>> = { I: '1', L: '1', O: '0' };

/** @param secret 16 random bytes */
export function recoveryCode(secret: Uint8Array): string {
  const bytes = [...secret, ...checksum(secret)];
  let bits = bytes.reduce((sum, byte) => (sum << 8n) | BigInt(byte), 0n);
  let text = '';
  for (let i = 0; i < CHARACTERS; i++) {
    text = (ALPHABET[Number(bits & 31n)] ?? '') + text;
    bits >>= 5n;
  }
  return text.replace(/.{4}(?=.)/g, '$& ');
}

export type RecoveryCodeFault =
  /** Not 32 letters and digits yet. */
  | 'length'
  /** A character that no code has. */
  | 'character'
  /** Mistyped somewhere. */
  | 'checksum';

/** Reads what a person typed: small letters, spaces, hyphens, and the letters that are taken for digits. */
export function recoverySecret(typed: string): Uint8Array | RecoveryCodeFault {
  const plain = typed.toUpperCase().replace(/[\s\-\u2010-\u2015]/g, '');
  let bits = 0n;
  for (const character of plain) {
    const value = ALPHABET.indexOf(MISREAD[character] ?? character);
    if (value < 0) return 'character';
    bits = (bits << 5n) | BigInt(value);
  }
  if (plain.length !== CHARACTERS) return 'length';
  const bytes = Uint8Array.from({ length: RECOVERY_BYTES + 4 }, (_, i) =>
    Number((bits >> BigInt(8 * (RECOVERY_BYTES + 3 - i))) & 255n),
  );
  const secret = bytes.slice(0, RECOVERY_BYTES);
  return checksum(secret).every((byte, i) => byte === bytes[RECOVERY_BYTES + i]) ? secret : 'checksum';
}

/** CRC-32 (ISO-HDLC): it finds every run of wrong bits up to 32, so any one or two neighbouring groups. */
function checksum(bytes: Uint8Array): number[] {
  let crc = 0xffffffff;
  for (const byte of bytes) {
    crc ^= byte;
    for (let bit = 0; bit < 8; bit++) crc = (crc >>> 1) ^ (crc & 1 ? 0xedb88320 : 0);
  }
  const sum = ~crc >>> 0;
  return [sum >>> 24, (sum >>> 16) & 255, (sum >>> 8) & 255, sum & 255];
}
