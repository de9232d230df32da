import { type Message } from '#protocol/chat-frames';
import { megolmPlaceOf } from '#protocol/crypto/sealed-data';
import { drawableOf } from './drawable';
import type { Opened, Plain, Sealed } from './opened';

/** An entry that cannot be read, or not yet. */
export const notOpened = ({ data }: Message, sealed: Sealed): Opened => ({
  content: { kind: 'unknown', data },
  sealed,
});

/**
 * What can be said of an entry without the machine, on the page and in the data worker. Total: what cannot be read, or is not drawn by
 * this app, is content of an unknown kind.
 */
export function openedWithoutKeys(message: Message, plain: Plain): Opened {
  if (plain === null || megolmPlaceOf(message.data)) return notOpened(message, 'unopened');
  const isTaken = plain === 'everywhere' || message.seq <= (plain[message.conversationId] ?? 0);
  return isTaken ? { content: drawableOf(message.data) } : notOpened(message, 'plain');
}
