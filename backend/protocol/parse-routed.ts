/**
 * What seats say to each other is most of what a server routes. Its text is read by hand here: at a part of the cost,
 * and never more lenient than the schemas, which get whatever is not plainly right. A spec holds the two together.
 */
import { fitsFrame } from '#protocol/bytes';
import { SEAT_TYPES, type ToSeat } from '#protocol/call-frames';
import { type CallId, GUEST, type UserId, UUID } from '#protocol/ids';
import { closingQuote } from '#protocol/json-text';
import { MAX_LINK } from '#protocol/limits';
import { rememberQuoted } from '#protocol/quoted';

// The one order in which JSON.stringify writes what the app says; a key can therefore not stand twice.
const id = UUID.source.slice(1, -1);
const BEFORE_DATA = new RegExp(
  `^\\{"type":"([a-z.-]+)","receiverId":"((?:${GUEST})?${id})","callId":"(${id})","link":([1-9]\\d{0,6}),"data":(?=")`,
);
/** Fifteen digits are exact in a number. */
const AFTER_DATA = /,"n":([1-9]\d{0,14})(?:,"ack":(0|[1-9]\d{0,14}))?\}$/y;

/** The frame, if `text` is one in every detail; null says nothing about it. */
export function readRouted(text: string): ToSeat | null {
  const before = BEFORE_DATA.exec(text);
  if (before === null) return null;
  const [{ length: start }, said, receiver, call, link] = before;
  const type = SEAT_TYPES.find(known => known === said);
  const end = closingQuote(text, start) + 1;
  AFTER_DATA.lastIndex = end;
  const after = AFTER_DATA.exec(text);
  if (type === undefined || after === null || Number(link) > MAX_LINK) return null;
  const quoted = text.slice(start, end);
  const data = readData(quoted);
  if (data === null) return null;
  // The expression has held both against the form of an id.
  const [receiverId, callId] = [receiver as UserId, call as CallId];
  const frame: ToSeat = { type, n: Number(after[1]), receiverId, callId, link: Number(link), data };
  if (after[2] !== undefined) frame.ack = Number(after[2]);
  return rememberQuoted(frame, quoted);
}

function readData(quoted: string): string | null {
  try {
    const data = JSON.parse(quoted) as string;
    return data.length > 0 && fitsFrame(data) ? data : null;
  } catch {
    return null;
  }
}
