import * as z from 'zod/mini';
import { pushLanguage } from '#protocol/api/push';
import { LONGEST_NAME } from '#protocol/display-name';
import { callId, conversationId, userId } from '#protocol/ids';
import { err, ok, type Result } from '#protocol/result';

const language = pushLanguage;
/** Whom it is about, in UTF-16 code units; absent where the installation pushes no names. */
const name = z.optional(z.string().check(z.maxLength(2 * LONGEST_NAME)));

/**
 * What a push message says to the worker that shows it (PROTOCOL.md, Push): never what was written, at most a name.
 * `ringMs` counts from arrival and `decline` is a token of POST /api/push/decline.
 */
export const pushPayload = z.discriminatedUnion('type', [
  z.object({ type: z.literal('message'), language, conversationId, name }),
  z.object({ type: z.literal('read'), language, conversationId }),
  z.object({
    type: z.literal('ring'),
    language,
    callId,
    /** A device that is to be silent may let some people through. */
    callerId: z.optional(userId),
    name,
    media: z.enum(['audio', 'video']),
    ringMs: z.int().check(z.nonnegative()),
    decline: z.string(),
  }),
  z.object({
    type: z.literal('call-over'),
    language,
    callId,
    name,
    how: z.enum(['missed', 'answered', 'declined']),
    /** The device that answered, as its owner knows it. */
    device: z.optional(z.string()),
  }),
  z.object({ type: z.literal('test'), language }),
]);
export type PushPayload = z.infer<typeof pushPayload>;

/** @returns what was pushed, or an error where it is nothing this version knows */
export function parsePushPayload(text: string): Result<PushPayload, 'not-a-push'> {
  try {
    const parsed = pushPayload.safeParse(JSON.parse(text));
    return parsed.success ? ok(parsed.data) : err('not-a-push');
  } catch {
    return err('not-a-push');
  }
}

/**
 * How long every payload is, in bytes: a push service must not tell a message from a call by its length, nor one person from another by
 * the script of their name. It holds the longest name and the longest name of a device (RFC 8291 leaves 3,993).
 */
export const PAYLOAD_LENGTH = 1_536;

const escaped = (unit: string): string => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`;

/** The payload as text of ASCII, so that characters are bytes; JSON allows white space at its end. */
export const writePushPayload = (payload: PushPayload): string =>
  JSON.stringify(payload)
    .replace(/[^\x20-\x7e]/g, escaped)
    .padEnd(PAYLOAD_LENGTH);
