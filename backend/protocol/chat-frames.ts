import * as z from 'zod/mini';
import { data, repeated } from '#protocol/call-frames';
import { entryKey } from '#protocol/content/kinds';
import { conversationId, deviceAddress, messageId, userId } from '#protocol/ids';

const count = z.int().check(z.nonnegative());
const seq = z.int().check(z.positive());
const numbered = { n: z.optional(count), ack: z.optional(count) };
const fromClient = { ...numbered, senderId: z.optional(userId), conversationId };

/**
 * `counts`: whether it is unread for others, and may be the last line of a list. `expiresAfterMs`: as the content says; its
 * bounds are checked by the server's chat, which answers with a fault instead of closing the socket.
 */
export const chatPost = z.strictObject({
  ...fromClient,
  type: z.literal('chat.post'),
  id: messageId,
  counts: z.boolean(),
  expiresAfterMs: z.optional(z.int()),
  data,
});
/** All messages up to `seq` are stored on this device; marks are per user and only grow. */
export const chatReceived = z.strictObject({ ...fromClient, type: z.literal('chat.received'), seq });
/** All messages up to `seq` were drawn on a visible page. */
export const chatRead = z.strictObject({ ...fromClient, type: z.literal('chat.read'), seq });
/** The author of a message takes it back: the server forgets what it says. */
export const chatRetract = z.strictObject({
  ...fromClient,
  type: z.literal('chat.retract'),
  target: z.strictObject(entryKey.shape),
});
export const chatTypingNow = z.strictObject({ ...fromClient, type: z.literal('chat.typing') });

/** Sent only once the message is durable. `at` is the server's clock, ms since the epoch. */
export const chatPosted = z.strictObject({
  ...numbered,
  type: z.literal('chat.posted'),
  conversationId,
  id: messageId,
  seq,
  at: count,
});
/** A message as every device but its author's gets it, live and by paging. */
export const message = z.strictObject({
  conversationId,
  seq,
  id: messageId,
  author: deviceAddress,
  at: count,
  counts: z.boolean(),
  data: repeated,
});
export type Message = z.infer<typeof message>;
/** A place in the sequence that holds nothing for this reader: never drawn, counted or notified. */
export const withheldMessage = z.strictObject({ conversationId, seq, withheld: z.literal(true) });
export type WithheldMessage = z.infer<typeof withheldMessage>;

/** The place of a message that was retracted, or has expired, for a reader to whom it was shown. */
export const retractedMessage = z.strictObject({
  conversationId,
  seq,
  id: messageId,
  author: deviceAddress,
  at: count,
  retracted: z.literal(true),
});
export type RetractedMessage = z.infer<typeof retractedMessage>;
/** What stands at a place of the sequence, as one reader sees it. */
export const placed = z.union([message, withheldMessage, retractedMessage]);
export type Placed = z.infer<typeof placed>;

export const chatMessage = z.strictObject({
  ...numbered,
  type: z.literal('chat.message'),
  message: z.union([message, withheldMessage]),
});
/** A message holds nothing any more. It may come before the message itself, and more than once. */
export const chatRetracted = z.strictObject({
  ...numbered,
  type: z.literal('chat.retracted'),
  message: retractedMessage,
});
/** A user's marks in a conversation, absolute: the reader merges by max. */
export const chatReceipt = z.strictObject({
  ...numbered,
  type: z.literal('chat.receipt'),
  conversationId,
  userId,
  received: count,
  read: count,
});
export const chatTyping = z.strictObject({
  type: z.literal('chat.typing'),
  ack: z.optional(count),
  conversationId,
  senderId: userId,
});
