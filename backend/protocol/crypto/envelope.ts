import * as z from 'zod/mini';
import { contentOf, entryKey, isCounted, type Content, type EntryKey } from '#protocol/content/kinds';
import { conversationId, deviceAddress, deviceId, messageId, type DeviceAddress } from '#protocol/ids';
import { err, ok, type Result } from '#protocol/result';
import { paddedPlaintext } from '#protocol/crypto/padding';

/*
 * What stands around the content inside every plaintext. Megolm binds a ciphertext to its session and to nothing of ours: the
 * server can put it under another id, another author or into another conversation. So each of these is said inside, and compared
 * with what the server says outside and with what the decryption has proved.
 */

/** The event type inside the ciphertext: what was encrypted for another purpose is no entry. */
export const ENTRY_TYPE = 'parley.entry';
const VERSION = 1;
/** So many given up numbers an entry names at most; what is more is left out of what is promised. */
export const MOST_GIVEN_UP = 50;

const count = z.int().check(z.nonnegative());
const positive = z.int().check(z.positive());
/** SHA-256 in base64 without padding. */
const hash = z.string().check(z.regex(/^[A-Za-z0-9+/]{43}$/));

const fields = {
  conversationId,
  author: deviceAddress,
  id: messageId,
  /** When it was written by the author's clock, ms since the epoch. Shown, never a reason to refuse. */
  time: count,
  /** Where another device of the author posts an entry again after a restore: who wrote it first, and when. */
  first: z.optional(z.object({ deviceId, time: count })),
  /** The author's device counts its entries of this conversation: one that the server holds back is missed. */
  counter: positive,
  /** Each number from `from` on stands for an entry, but those that were given up. Without it nothing is promised: an older app. */
  numbered: z.optional(z.object({ from: positive, but: z.array(positive).check(z.maxLength(MOST_GIVEN_UP)) })),
  /** What the author's device had of the other devices' entries, up to the place `upTo`: see counters.ts. */
  seen: z.object({ upTo: count, count, hash }),
  /** The author's own signed device list as the device knows it: a higher number than one's own means to ask again. */
  devices: z.object({ number: count, hash }),
};
/** What an author says of an entry, but for what follows from its content. */
export type EnvelopeFields = z.infer<z.ZodMiniObject<typeof fields>>;

/** Loose, as contents are: a field that only a newer app knows is kept. */
export const envelope = z.looseObject({
  version: z.literal(VERSION),
  ...fields,
  content: z.looseObject({ kind: z.string() }),
});
export type Envelope = z.infer<typeof envelope>;

const newer = z.looseObject({ version: z.number().check(z.gt(VERSION)) });

/** What the server says of an entry, in the clear. */
export interface Outside {
  readonly key: EntryKey;
  readonly deviceId: DeviceAddress['deviceId'];
  readonly counts: boolean;
}

export interface OpenedEntry {
  readonly envelope: Envelope;
  readonly content: Content;
  /** The author, or the server, says in the clear that the entry counts, and its kind does not, or the reverse. */
  readonly liesAboutCounting: boolean;
}

export type EnvelopeRefusal =
  /** Not an envelope: refused, however it was encrypted. */
  | 'unreadable'
  /** Of a newer app. */
  | 'newer'
  | 'other-purpose'
  | 'other-conversation'
  | 'other-author'
  | 'other-device'
  | 'other-entry'
  /** It edits, deletes or reacts to an entry of another conversation. */
  | 'target-elsewhere';

/**
 * @returns the text to encrypt; null where it is too large, or the content is not a JSON object: what this app did not understand
 *   is sealed as it came, never rewritten
 */
export function plaintextOf(said: EnvelopeFields, content: Content): string | null {
  const object = content.kind === 'unknown' ? objectOf(content.data) : content;
  return object === null ? null : paddedPlaintext({ version: VERSION, ...said }, object);
}

/**
 * Reads and compares a plaintext; total.
 * @param plaintext the event as the library has decrypted it: `{type, content}`
 * @param outside what the server says of it
 * @param proved whose device has encrypted it, by its keys
 */
export function openEnvelope(
  plaintext: string,
  outside: Outside,
  proved: DeviceAddress,
): Result<OpenedEntry, EnvelopeRefusal> {
  const event = objectOf(plaintext);
  if (event === null) return err('unreadable');
  if (event['type'] !== ENTRY_TYPE) return err('other-purpose');
  if (newer.safeParse(event['content']).success) return err('newer');
  const parsed = envelope.safeParse(event['content']);
  if (!parsed.success) return err('unreadable');
  const said = parsed.data;
  const { key } = outside;
  if (said.conversationId !== key.conversationId) return err('other-conversation');
  if (said.author.userId !== key.authorId || said.author.userId !== proved.userId) return err('other-author');
  if (said.author.deviceId !== outside.deviceId || said.author.deviceId !== proved.deviceId) return err('other-device');
  if (said.id !== key.id) return err('other-entry');
  const content = contentOf(JSON.stringify(said.content));
  const target = entryKey.safeParse(said.content['target']);
  if (target.success && target.data.conversationId !== key.conversationId) return err('target-elsewhere');
  return ok({ envelope: said, content, liesAboutCounting: isCounted(content) !== outside.counts });
}

function objectOf(json: string): Record<string, unknown> | null {
  try {
    const parsed: unknown = JSON.parse(json);
    return typeof parsed === 'object' && parsed !== null && !Array.isArray(parsed)
      ? (parsed as Record<string, unknown>)
      : null;
  } catch {
    return null;
  }
}
