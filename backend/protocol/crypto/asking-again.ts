import * as z from 'zod/mini';
import { conversationId, messageId } from '#protocol/ids';

/*
 * Events from device to device, by which one that has no key for entries asks the device that has written them for what they say: it was
 * signed in after they were encrypted, or a key was lost on its way.
 */

export const ASK_TYPE = 'parley.ask-again';
export const GIVE_TYPE = 'parley.give-again';

/** Most entries of one request; an answer has fewer where they are long. */
export const MOST_ASKED = 50;
/** An answer holds so many characters of entries at most: with its envelope it stays below what an inbox takes. */
export const MOST_GIVEN = 30_000;

export const askAgain = z.strictObject({
  version: z.literal(1),
  conversationId,
  ids: z.array(messageId).check(z.minLength(1), z.maxLength(MOST_ASKED)),
});
export type AskAgainEvent = z.infer<typeof askAgain>;

/** `data` is the content as it was before it was encrypted. */
export const giveAgain = z.strictObject({
  version: z.literal(1),
  conversationId,
  entries: z.array(z.strictObject({ id: messageId, data: z.string() })).check(z.minLength(1), z.maxLength(MOST_ASKED)),
});
export type GiveAgainEvent = z.infer<typeof giveAgain>;

/** Entries of answers in their order, as few answers as hold them. One that fits into none is left out. */
export function answersOf(entries: GiveAgainEvent['entries']): GiveAgainEvent['entries'][] {
  const answers: { entries: GiveAgainEvent['entries']; size: number }[] = [];
  for (const entry of entries) {
    const size = JSON.stringify(entry).length;
    if (size > MOST_GIVEN) continue;
    const last = answers.at(-1);
    if (last && last.size + size <= MOST_GIVEN) {
      last.entries.push(entry);
      last.size += size;
    } else answers.push({ entries: [entry], size });
  }
  return answers.map(answer => answer.entries);
}
