import type { Marks } from '#protocol/api/conversations';
import type { Message, RetractedMessage, WithheldMessage } from '#protocol/chat-frames';
import type { ConversationId, DeviceAddress, UserId } from '#protocol/ids';
import type { ClientFrame, FrameOf } from '#protocol/messages';
import type { Delivery } from '../events/event.ts';
import type { Placed } from '../store/chat.ts';
import type { Audience } from './audience.ts';

/**
 * Who hears of a post once it is durable: its device that it is, everybody else the message, and who blocked the author
 * its place in the sequence alone. A post that was there before is only confirmed.
 */
export function settledPost(
  author: DeviceAddress,
  { conversationId, id, counts, data }: FrameOf<ClientFrame, 'chat.post'>,
  { others, withheldFrom }: Audience,
  { kind, seq, at }: Placed,
): Delivery[] {
  const { userId, deviceId } = author;
  const posted: Delivery = { userId, only: deviceId, frame: { type: 'chat.posted', conversationId, id, seq, at } };
  if (kind === 'duplicate') return [posted];
  const message: Message = { conversationId, seq, id, author, at, counts, data };
  const withheld: WithheldMessage = { conversationId, seq, withheld: true };
  return [
    posted,
    { userId, except: deviceId, frame: { type: 'chat.message', message } },
    ...others.map((other): Delivery => ({
      userId: other,
      frame: { type: 'chat.message', message: withheldFrom.includes(other) ? withheld : message },
    })),
  ];
}

/** Every device that may know of a message hears that it is retracted. */
export const retractionTold = (message: RetractedMessage, readers: readonly UserId[]): Delivery[] =>
  readers.map(userId => ({ userId, frame: { type: 'chat.retracted', message } }));

/** A reader's marks: for the reader's own devices whole, for others without `read` where the reader does not tell it. */
export function receipts(
  conversationId: ConversationId,
  { userId, deviceId }: DeviceAddress,
  { received, read }: Marks,
  others: readonly UserId[],
  readReceipts: boolean,
): Delivery[] {
  const receipt = { type: 'chat.receipt', conversationId, userId, received } as const;
  return [
    { userId, except: deviceId, frame: { ...receipt, read } },
    ...others.map((other): Delivery => ({
      userId: other,
      frame: { ...receipt, read: readReceipts ? read : 0 },
    })),
  ];
}

export const typingTold = (
  conversationId: ConversationId,
  { userId }: DeviceAddress,
  others: readonly UserId[],
): Delivery[] =>
  others.map(other => ({ userId: other, frame: { type: 'chat.typing', conversationId, senderId: userId } }));
