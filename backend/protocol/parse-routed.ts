/**
 * What seats say to each other is most of what a server routes. Its shape is checked by hand here: at a tenth of the
 * cost, and never more lenient than the schemas, which get whatever is not plainly right. A spec holds the two together.
 */
import { isId } from '#protocol/ids';
import { DATA_CHARS, MAX_LINK } from '#protocol/limits';
import type { ClientFrame, FrameOf } from '#protocol/messages';

type RoutedType = 'call.offer' | 'call.answer' | 'call.ice-candidate' | 'call.media-state';
/** Frames whose `data` only the other seat reads. */
export type RoutedFrame = FrameOf<ClientFrame, RoutedType>;

/** The frame, if `value` is one in every detail; null says nothing about it. */
export function readRouted(value: Readonly<Record<string, unknown>>): RoutedFrame | null {
  const { type, n, ack, senderId, receiverId, callId, link, data } = value;
  if (type !== 'call.ice-candidate' && type !== 'call.offer' && type !== 'call.answer' && type !== 'call.media-state') {
    return null;
  }
  if (!isNumber(n, 1, MAX) || !isNumber(link, 1, MAX_LINK) || !isId(receiverId) || !isId(callId)) return null;
  if (typeof data !== 'string' || data.length === 0 || data.length > DATA_CHARS) return null;
  const frame: RoutedFrame = { type, n, receiverId, callId, link, data };
  let keys = 6;
  if (ack !== undefined) {
    if (!isNumber(ack, 0, MAX)) return null;
    frame.ack = ack;
    keys++;
  }
  if (senderId !== undefined) {
    if (!isId(senderId)) return null;
    frame.senderId = senderId;
    keys++;
  }
  return Object.keys(value).length === keys ? frame : null;
}

const MAX = Number.MAX_SAFE_INTEGER;

const isNumber = (value: unknown, least: number, most: number): value is number =>
  Number.isInteger(value) && typeof value === 'number' && value >= least && value <= most;
