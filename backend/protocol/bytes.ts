/** How many bytes a text takes on the wire. */
import { DATA_BYTES } from '#protocol/limits';

/**
 * Whether `text` takes more than `limit` bytes of UTF-8. A lone surrogate counts as the replacement character that an
 * encoder writes for it (Encoding Standard, 7.4). Most texts are decided by their length alone.
 */
export const isLonger = (text: string, limit: number): boolean =>
  text.length * 3 > limit && countedUpTo(text, limit) > limit;

/** How many bytes of UTF-8 `text` takes. */
export const utf8Length = (text: string): number => countedUpTo(text, Infinity);

/** Stops counting behind `limit`. */
function countedUpTo(text: string, limit: number): number {
  const encoded = text.toWellFormed();
  let bytes = encoded.length;
  for (let i = 0; i < encoded.length && bytes <= limit; i++) {
    const unit = encoded.charCodeAt(i);
    // A surrogate pair takes four bytes: two units, one more each.
    if (unit > 0x7f) bytes += unit > 0x7ff && (unit < 0xd800 || unit > 0xdfff) ? 2 : 1;
  }
  return bytes;
}

/**
 * Whether `data` may be posted: the one ruler of composer, queue and server. It is measured as it stands in a frame, where
 * JSON escapes some characters (RFC 8259, 7), and it must be well-formed: a store encodes it as UTF-8, which has no lone
 * surrogates, and would answer with another text than it was given.
 */
export const fitsFrame = (data: string): boolean =>
  data.isWellFormed() && !isLonger(JSON.stringify(data), DATA_BYTES + '""'.length);
