import { isReliable, type FrameOf, type ServerFrame } from '#protocol/messages';
import { openText } from '#protocol/outbox';
import { parseClientFrame } from '#protocol/parse';
import { type Said } from './said';

/** The longest numbers an outbox can add. */
const NUMBERS = `"ack":${String(Number.MAX_SAFE_INTEGER)}`;
const NUMBERED = `"n":${String(Number.MAX_SAFE_INTEGER)},${NUMBERS}`;

/**
 * Why a server would close the socket at this frame, found by reading its text as a server reads it: such a frame must not
 * be queued, or it would close every later socket too.
 * @returns null where a server takes it
 */
export function whyRefused(frame: Said): string | null {
  const parsed = parseClientFrame(`${openText(frame)},${isReliable(frame.type) ? NUMBERED : NUMBERS}}`);
  return parsed.ok ? null : `${parsed.error.code}: ${parsed.error.detail}`;
}

/** The part of a frame that tells it apart from others. */
export type Keyed = Pick<Said, 'type'> & {
  readonly conversationId?: string;
  readonly id?: string;
  readonly target?: { readonly id: string };
  readonly callId?: string;
};

/** What a frame is told apart by over sessions, in which its number changes: a post and what takes it back by its key, a call's frame by its type. */
export const keyOf = (frame: Keyed): string =>
  'conversationId' in frame
    ? `${frame.type} ${frame.conversationId} ${messageOf(frame) ?? ''}`
    : `${frame.type} ${'callId' in frame ? frame.callId : ''}`;

/** What its owner hears of a frame that no server takes: a refusal as final as the server's own. */
export function refusal(frame: Said, detail: string): FrameOf<ServerFrame, 'fault'> {
  return { type: 'fault', re: { type: frame.type, ...idOf(frame) }, code: 'malformed', detail };
}

/** What the server's own faults name. */
function idOf(frame: Said): { id?: string } {
  if ('callId' in frame) return { id: frame.callId };
  if ('conversationId' in frame) return { id: messageOf(frame) ?? frame.conversationId };
  return {};
}

/** The message that a frame is or names. */
const messageOf = ({ id, target }: Keyed): string | undefined => id ?? target?.id;
