import { createHash } from 'node:crypto';
import { conversationId, type ConversationId, type UserId } from '#protocol/ids';

/** Two users in the order in which everything about a pair is kept. */
export const sortedPair = (a: UserId, b: UserId): [UserId, UserId] => (a < b ? [a, b] : [b, a]);

/** What makes a direct conversation one: the same from both sides. */
export const directKey = (a: UserId, b: UserId): string => sortedPair(a, b).join('|');

/**
 * The id of the direct conversation of two users: the start of SHA-256 over its key, as a UUIDv8 (RFC 9562, 5.8), so
 * that making it twice, or on two sides at once, makes the same one.
 */
export function directConversationId(a: UserId, b: UserId): ConversationId {
  const bytes = createHash('sha256').update(directKey(a, b)).digest().subarray(0, 16);
  bytes.writeUInt8((bytes.readUInt8(6) & 0x0f) | 0x80, 6);
  bytes.writeUInt8((bytes.readUInt8(8) & 0x3f) | 0x80, 8);
  return conversationId.parse(bytes.toString('hex').replace(/^(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-'));
}
