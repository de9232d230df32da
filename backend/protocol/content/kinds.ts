import * as z from 'zod/mini';
import { conversationId, messageId, userId } from '#protocol/ids';
import { EXPIRES_LEAST_MS, EXPIRES_MOST_MS } from '#protocol/limits';

/*
 * What a message says, by its kind: what clients put into the `data` of a post, as JSON. The server never reads it. Objects are
 * loose: a field that only a newer app knows is kept.
 */

/** Names an entry for good: the key alone decides (PROTOCOL.md, Messages). */
export const entryKey = z.object({ conversationId, authorId: userId, id: messageId });
export type EntryKey = z.infer<typeof entryKey>;

export const isSameKey = (a: EntryKey, b: EntryKey): boolean =>
  a.conversationId === b.conversationId && a.authorId === b.authorId && a.id === b.id;

/** One text for each key, for sets and maps. */
export const nameOfKey = ({ conversationId, authorId, id }: EntryKey): string => `${conversationId} ${authorId} ${id}`;

const body = z.string().check(z.minLength(1));
/** How long the text is to be shown by who receives it, ms from when it was shown first. */
const expiresAfterMs = z.int().check(z.minimum(EXPIRES_LEAST_MS), z.maximum(EXPIRES_MOST_MS));
/** 1 + the highest that its author has seen for this target. */
const edition = z.int().check(z.positive());
const targeting = { target: entryKey, edition };

export const messageContent = z.discriminatedUnion('kind', [
  z.looseObject({
    kind: z.literal('text'),
    body,
    replyTo: z.optional(entryKey),
    expiresAfterMs: z.optional(expiresAfterMs),
  }),
  /** The whole text that takes the place of the target's. */
  z.looseObject({ kind: z.literal('edit'), ...targeting, body }),
  /** One per person and target; null takes it back. */
  z.looseObject({ kind: z.literal('reaction'), ...targeting, emoji: z.nullable(z.string().check(z.minLength(1))) }),
  z.looseObject({ kind: z.literal('deletion'), ...targeting }),
]);
export type MessageContent = z.infer<typeof messageContent>;

/** From a newer app, or unreadable: kept as it came, so that a later app can read it. */
export interface UnknownContent {
  readonly kind: 'unknown';
  readonly data: string;
}

/** What somebody else has written. Whoever it is may be hostile or newer. */
export type Content = MessageContent | UnknownContent;

/** Whether a message with this content is unread for others, and may be the last line of a list (`counts`). */
export const isCounted = ({ kind }: Content): boolean => kind === 'text' || kind === 'unknown';

/** The words of a message; null where it comes from a newer app. Its author may be hostile: it is only text. */
export const textOf = (content: Content): string | null => (content.kind === 'text' ? content.body : null);

/** When a message with this content is to be forgotten, ms after it was posted (`chat.post`); undefined: never. */
export const expiryOf = (content: Content): number | undefined =>
  content.kind === 'text' ? content.expiresAfterMs : undefined;

/** Reads what another client wrote; total. */
export function contentOf(data: string): Content {
  try {
    const parsed = messageContent.safeParse(JSON.parse(data));
    return parsed.success ? parsed.data : { kind: 'unknown', data };
  } catch {
    return { kind: 'unknown', data };
  }
}

/** What stands in `data`: of what was not understood, what had come. */
export const dataOf = (content: Content): string =>
  content.kind === 'unknown' ? content.data : JSON.stringify(content);
