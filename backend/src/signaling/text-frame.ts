import type { Duplex } from 'node:stream';

/**
 * Writes one unmasked, final text frame as a server sends it (RFC 6455, 5.2), header and payload in one piece, so that
 * it is one write and, under TLS, one record. (The library writes the two one after the other, which costs as much
 * again.)
 */
export function writeText(stream: Duplex, text: string): void {
  const header = headerOf(text.length);
  // Counted together with its header: whoever counts a text first joins its pieces, and would join them twice.
  const frame = header + text;
  // ASCII, as nearly all frames are, goes to the system as the string it is; a buffer of its own would cost a copy.
  if (Buffer.byteLength(frame) === Buffer.byteLength(header) + text.length) stream.write(frame, 'latin1');
  else writeBytes(stream, Buffer.from(text));
}

function writeBytes(stream: Duplex, payload: Buffer): void {
  stream.write(Buffer.concat([Buffer.from(headerOf(payload.length), 'latin1'), payload]));
}

const FINAL_TEXT = 0x81;

/** One character a byte. */
function headerOf(length: number): string {
  if (length < 126) return String.fromCharCode(FINAL_TEXT, length);
  if (length < 0x1_0000) return String.fromCharCode(FINAL_TEXT, 126, length >> 8, length & 0xff);
  const bytes = Buffer.allocUnsafe(8);
  bytes.writeBigUInt64BE(BigInt(length));
  return String.fromCharCode(FINAL_TEXT, 127, ...bytes);
}
