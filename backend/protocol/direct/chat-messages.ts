import * as z from 'zod/mini';
import { fitsFrame } from '#protocol/bytes';
import { type Content } from '#protocol/content/kinds';
import { conversationId, messageId } from '#protocol/ids';
import { readDirectMessage } from '#protocol/direct/read-message';
import { type Result } from '#protocol/result';

/**
 * What two devices in a call say to each other about messages while the author's session is down (PROTOCOL.md, Messages between
 * devices). Nothing here names an author: it is the person at the other end of the call.
 */

/** So many messages a receiver handles at once; an author waits for each answer. */
export const MOST_UNANSWERED = 8;
/** So many provisional messages of one conversation are kept. */
export const MOST_PROVISIONAL = 500;
/** Largest message, in UTF-16 units: `data` as it stands in a frame, and the rest. */
const MESSAGE_LENGTH = 64 * 1024;

const about = { conversationId, id: messageId };
const chatMessage = z.discriminatedUnion('type', [
  z.object({ type: z.literal('copy'), ...about, data: z.string().check(z.refine(fitsFrame)) }),
  /** `kept`: it is shown. Else the receiver waits for the entry. */
  z.object({ type: z.literal('answer'), ...about, kept: z.boolean() }),
  /** Its author has deleted it before the server had it. */
  z.object({ type: z.literal('withdrawn'), ...about }),
]);
export type ChatMessage = z.infer<typeof chatMessage>;

export const writeChatMessage = (message: ChatMessage): string => JSON.stringify(message);

/** @returns `unreadable` for what is no message of this protocol: the other end is newer, or hostile */
export const readChatMessage = (text: string): Result<ChatMessage, 'unreadable'> =>
  readDirectMessage(chatMessage, MESSAGE_LENGTH, text);

/**
 * Whether a message may be handed over before its entry: a text that is whole by itself. What is about another entry, what
 * expires, and what this app does not know wait for the server.
 */
export const mayGoDirectly = (content: Content): boolean =>
  content.kind === 'text' && content.expiresAfterMs === undefined;
