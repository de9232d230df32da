import { type Person } from '#protocol/api/account';
import { type Conversation as ServerConversation, type Marks } from '#protocol/api/conversations';
import { type Message, type RetractedMessage, type WithheldMessage } from '#protocol/chat-frames';
import { type EntryKey } from '#protocol/content/kinds';
import { type ConversationId, type UserId } from '#protocol/ids';
import { type Opened } from '../crypto/opened';
import { isSameRange, joined, type Range } from './range';

/** A message in its conversation, as it is kept on this device: what it says is opened, or `sealed` says why not. */
export interface Entry extends Omit<Message, 'data'>, Opened {
  /** `at`, as long as it is tried again to open it: an index finds those. */
  readonly waits?: number;
}

/** A place in a conversation's sequence. */
export type Stored = Entry | WithheldMessage | RetractedMessage;

export const isRetracted = (stored: Stored): stored is RetractedMessage => 'retracted' in stored;
/** Where it stands, as a text that no other place has. */
export const placeOf = ({ conversationId, seq }: Stored): string => `${conversationId} ${seq}`;

export const isEntry = (stored: Stored): stored is Entry => !('withheld' in stored) && !isRetracted(stored);

/**
 * What stands at a place for which something has come once more. What was opened here stays: its key may be gone by now, or was never
 * here, where another device has said what it holds.
 */
export function keptOr<T extends Stored>(kept: Stored | null | undefined, arrived: T): T | Entry {
  if (!isEntry(arrived) || arrived.sealed === undefined) return arrived;
  if (!kept || !isEntry(kept) || kept.sealed !== undefined) return arrived;
  return kept.id === arrived.id && kept.author.userId === arrived.author.userId ? kept : arrived;
}

/** Of two rows of one conversation, the one that has heard of more. */
export const newerOf = (kept: Conversation | undefined, now: Conversation): Conversation =>
  kept && kept.lastSeq > now.lastSeq ? kept : now;

/** The key of what stands at a place; undefined where that is withheld. */
export const keyOf = (stored: Stored): EntryKey | undefined =>
  'withheld' in stored
    ? undefined
    : { conversationId: stored.conversationId, authorId: stored.author.userId, id: stored.id };

/** A conversation as the server lists it, decoded. */
export interface Listed extends Omit<ServerConversation, 'last' | 'entries'> {
  readonly last?: Entry;
  /** Which of its newest entries have come with it, and are to be stored. */
  readonly run?: Range;
}

/** A conversation as this device knows it, kept in the local database. */
export interface Conversation {
  readonly id: ConversationId;
  readonly peers: readonly Person[];
  /** The highest seq heard of, held or not. */
  readonly lastSeq: number;
  /** The last message that counts and that this user may see. */
  readonly last: Entry | null;
  readonly marks: readonly Marks[];
  readonly unread: number;
  /** Up to this number the server's retractions are applied to what is held; undefined: it was kept by an older app. */
  readonly retractions?: number;
  /** What is held without a hole. */
  readonly held: Range | null;
  /** Where it stands in the list: when the last message was written, or the conversation was made; ms since the epoch. */
  readonly active: number;
}

const NO_MARKS = { received: 0, read: 0 };

/** How far a member has received and read. */
export const marksOf = (conversation: Conversation, userId: UserId): { received: number; read: number } =>
  conversation.marks.find(marks => marks.userId === userId) ?? NO_MARKS;

/** How far every other member has received and read: what the ticks say. */
export function peersMarks(conversation: Conversation, me: UserId): { received: number; read: number } {
  const others = conversation.peers.filter(({ id }) => id !== me).map(({ id }) => marksOf(conversation, id));
  if (others.length === 0) return NO_MARKS;
  return { received: Math.min(...others.map(m => m.received)), read: Math.min(...others.map(m => m.read)) };
}

/**
 * Marks only grow: they merge by max, and what is read has been received.
 * @returns the same conversation where nothing changes
 */
export function withMarks(conversation: Conversation, marks: Marks): Conversation {
  const before = marksOf(conversation, marks.userId);
  const read = Math.max(before.read, marks.read);
  const received = Math.max(before.received, marks.received, read);
  if (read === before.read && received === before.received) return conversation;
  const others = conversation.marks.filter(({ userId }) => userId !== marks.userId);
  return { ...conversation, marks: [...others, { userId: marks.userId, received, read }] };
}

/** The mark of this user has moved: at the last message nothing is unread, also where another number was counted. */
export function withOwnRead(conversation: Conversation, me: UserId, read: number, unreadAfter: number): Conversation {
  const marked = withMarks(conversation, { userId: me, received: read, read });
  if (marked === conversation) return conversation;
  return { ...marked, unread: read >= marked.lastSeq ? 0 : unreadAfter };
}

/**
 * A live message, or one's own that has just been given its seq. Heard twice it changes nothing.
 * @param me whose device this is: own messages are never unread
 */
export function withMessage(conversation: Conversation, stored: Stored, me: UserId): Conversation {
  const { seq } = stored;
  const held = joined(conversation.held ?? (seq === 1 ? { from: 1, to: 0 } : null), { from: seq, to: seq });
  // Without anything held a later message is an island: the newest page joins it.
  const grown = { ...conversation, held: conversation.held || seq === 1 ? held : null };
  if (seq <= conversation.lastSeq) return grown;
  const next = { ...grown, lastSeq: seq };
  if (!isEntry(stored) || !stored.counts) return next;
  const unread = stored.author.userId === me || seq <= marksOf(conversation, me).read ? 0 : 1;
  return { ...next, last: stored, active: stored.at, unread: conversation.unread + unread };
}

/**
 * Messages hold nothing any more.
 * @param gone how many of them were unread; the last message that counts below them, where one of them was it
 */
export function withRetracted(
  conversation: Conversation,
  places: readonly RetractedMessage[],
  me: UserId,
  gone: { readonly unread: number; readonly last: Entry | null },
): Conversation {
  const placed = places.reduce<Conversation>((before, place) => withMessage(before, place, me), conversation);
  const unread = Math.max(0, placed.unread - gone.unread);
  if (!places.some(({ seq }) => seq === placed.last?.seq)) return { ...placed, unread };
  return { ...placed, unread, last: gone.last, active: gone.last?.at ?? placed.active };
}

/**
 * A page of the past or of what was missed has been stored.
 * @returns the same conversation where it was held already
 */
export function withPage(conversation: Conversation, run: Range): Conversation {
  const held = joined(conversation.held, run);
  return isSameRange(held, conversation.held) ? conversation : { ...conversation, held };
}

/** What the server lists, merged with what is known: seqs and marks by max, since live frames may be newer than the list. */
export function merged(known: Conversation | undefined, listed: Listed, me: UserId): Conversation {
  const isNewer = !known || listed.lastSeq >= known.lastSeq;
  const last = (isNewer ? listed.last && keptOr(known?.last, listed.last) : known.last) ?? null;
  const base: Conversation = {
    id: listed.id,
    peers: listed.peers,
    lastSeq: Math.max(known?.lastSeq ?? 0, listed.lastSeq),
    last,
    marks: known?.marks ?? [],
    unread: isNewer ? listed.unread : known.unread,
    retractions: known ? (known.retractions ?? 0) : listed.retractions,
    held: known?.held ?? null,
    active: last?.at ?? listed.activeAt,
  };
  const marked = listed.marks.reduce(withMarks, base);
  const ownRead = marksOf(marked, me).read;
  // Read here, and not told yet: the server still counts what is above its older mark.
  return ownRead >= marked.lastSeq ? { ...marked, unread: 0 } : marked;
}

/** The list: most recently active first. */
export const byActivity = (a: Conversation, b: Conversation): number => b.active - a.active;
