import { type Candidates, candidates, type Description, description, readContent } from '#protocol/content';
import { type SeatType } from '#protocol/call-frames';

/** What the two ends of a link tell each other: the part of a frame between seats that is theirs. */
export interface LinkMessage {
  readonly type: Exclude<SeatType, 'call.media-state'>;
  readonly data: string;
}

/** What a message says once it was read. */
export type LinkContent =
  | { readonly kind: 'description'; readonly description: Description }
  | { readonly kind: 'candidates'; readonly candidates: Candidates };

/** Sound, picture, data channels, and a camera beside a screen of each end (CA44b). */
const MOST_SECTIONS = 5;

/**
 * Reads what the other end wrote; it may be hostile.
 *
 * @returns `undefined` for anything that is not of the shape its type promises, and for a description with so many media
 *   sections that setting it would build transceivers without end.
 */
export function readLinkMessage(message: LinkMessage): LinkContent | undefined {
  if (message.type === 'call.ice-candidate') {
    const read = readContent(candidates, message.data);
    return read.ok ? { kind: 'candidates', candidates: read.value } : undefined;
  }
  const read = readContent(description, message.data);
  if (!read.ok || `call.${read.value.type}` !== message.type) return undefined;
  const sections = read.value.sdp.match(/^m=/gm)?.length ?? 0;
  return sections > MOST_SECTIONS ? undefined : { kind: 'description', description: read.value };
}
