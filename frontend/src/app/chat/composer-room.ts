import { fittingLength } from '#protocol/content';
import { graphemesOf } from '../look/graphemes';

/** No sign that a person sees as one (UAX #29) is longer than this in practice, UTF-16 code units. */
const LONGEST_SIGN = 64;

/** How many code units a text has too many for one message; a message is sent without the space around it. */
export function excessOf(text: string): number {
  const body = text.trim();
  return body.length - fittingLength(body);
}

/**
 * What of a text fits into a message beside what is there already, from its beginning; no sign is cut in two.
 * @param beside what the field holds without it
 */
export function fittingPart(beside: string, inserted: string): string {
  const room = fittingLength(beside + inserted) - beside.length;
  return room >= inserted.length ? inserted : inserted.slice(0, wholeSigns(inserted, Math.max(0, room)));
}

function wholeSigns(text: string, length: number): number {
  const from = Math.max(0, length - LONGEST_SIGN);
  let end = from;
  for (const sign of graphemesOf(text.slice(from, length + LONGEST_SIGN))) {
    if (end + sign.length > length) break;
    end += sign.length;
  }
  return end;
}
