import { messageId, type MessageId } from '#protocol/ids';

/**
 * A UUIDv7 (RFC 9562, 5.7): 48 bits of time, then chance.
 * @param at ms since the epoch
 */
export function newMessageId(at: number = Date.now()): MessageId {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  const view = new DataView(bytes.buffer);
  view.setUint16(0, Math.floor(at / 2 ** 32));
  view.setUint32(2, at % 2 ** 32);
  view.setUint8(6, 0x70 | (view.getUint8(6) & 0x0f));
  view.setUint8(8, 0x80 | (view.getUint8(8) & 0x3f));
  const hex = Array.from(bytes, byte => byte.toString(16).padStart(2, '0')).join('');
  const parts = [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)];
  return messageId.parse(parts.join('-'));
}
