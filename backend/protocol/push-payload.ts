import * as z from 'zod/mini';
import { pushLanguage } from '#protocol/api/push';
import { id } from '#protocol/ids';
import { err, ok, type Result } from '#protocol/result';

const language = pushLanguage;
/** Whom it is about; absent where the installation pushes no names. */
const name = z.optional(z.string().check(z.maxLength(64)));

/**
 * What a push message says to the worker that shows it (PROTOCOL.md, Push): never what was written, at most a name.
 * `ringMs` counts from arrival and `decline` is a token of POST /api/push/decline.
 */
export const pushPayload = z.discriminatedUnion('type', [
  z.object({ type: z.literal('message'), language, conversationId: id, name }),
  z.object({ type: z.literal('read'), language, conversationId: id }),
  z.object({
    type: z.literal('ring'),
    language,
    callId: id,
    name,
    media: z.enum(['audio', 'video']),
    ringMs: z.int().check(z.nonnegative()),
    decline: z.string(),
  }),
  z.object({
    type: z.literal('call-over'),
    language,
    callId: id,
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

/** How long a payload is at least, in characters: a push service must not tell a message from a call by its length. */
export const PAYLOAD_LENGTH = 512;

/** The payload as text, all of one length: JSON allows white space at its end. */
export const writePushPayload = (payload: PushPayload): string => JSON.stringify(payload).padEnd(PAYLOAD_LENGTH);
