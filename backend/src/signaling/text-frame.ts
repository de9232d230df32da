/**
 * One unmasked, final text frame as a server sends it (RFC 6455, 5.2), header and payload in one buffer, so that it is
 * one write and, under TLS, one record. (The library writes the two one after the other, which costs as much again.)
 */
export function textFrame(text: string): Buffer {
  const length = Buffer.byteLength(text);
  const header = length < 126 ? 2 : length < 65_536 ? 4 : 10;
  const frame = Buffer.allocUnsafe(header + length);
  frame[0] = FINAL_TEXT;
  if (header === 2) frame[1] = length;
  else if (header === 4) {
    frame[1] = 126;
    frame.writeUInt16BE(length, 2);
  } else {
    frame[1] = 127;
    frame.writeBigUInt64BE(BigInt(length), 2);
  }
  // ASCII, as nearly all frames are, is copied; anything else is encoded.
  frame.write(text, header, length === text.length ? 'latin1' : 'utf8');
  return frame;
}

const FINAL_TEXT = 0x81;
