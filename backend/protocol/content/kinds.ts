import * as z from 'zod/mini';

/** What a message says, by its kind: what clients put into the `data` of a post, as JSON. The server never reads it. */
export const messageContent = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('text'), body: z.string().check(z.minLength(1)) }),
]);
export type MessageContent = z.infer<typeof messageContent>;

/** From a newer app, or unreadable: kept as it came, so that a later app can read it. */
export interface UnknownContent {
  readonly kind: 'unknown';
  readonly data: string;
}

/** What somebody else has written. Whoever it is may be hostile or newer. */
export type Content = MessageContent | UnknownContent;

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
