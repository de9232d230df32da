import type { EntryKey } from '#protocol/content/kinds';
import type { ConversationId, UserId } from '#protocol/ids';
import type { MessageDocument } from './documents.ts';
import { insertedBefore } from './faults.ts';
import type { Collections } from './schemas.ts';
import { CONTENDED, untilAlone } from './turns.ts';
import { livingAmong } from './user-row.ts';
import type { Appended, NewMessage } from '../chat.ts';

/** The idempotency key of a post (S3). The data is not part of it. */
export const entryKey = ({ conversationId, authorId, id }: EntryKey): string => `${conversationId} ${authorId} ${id}`;

const keyOf = ({ conversationId, author, id }: NewMessage): EntryKey => ({
  conversationId,
  authorId: author.userId,
  id,
});
const postKey = (post: NewMessage): string => entryKey(keyOf(post));

/** Where a post is, and which of those asked for has brought it there; null where it was there before. */
type Place = { seq: number; at: number; by: NewMessage | null };
type Places = Map<string, Place>;

/**
 * Writes posts of one conversation, in their order, each at the place behind the last. A place belongs to whoever's insert
 * comes first, which the unique index decides; no place is taken before there is a message in it, so a reader that meets
 * a message can meet all before it.
 * @returns an answer for each, in the same order; an error where the sender is no member
 */
export async function append(
  kept: Collections,
  id: ConversationId,
  posts: readonly NewMessage[],
): Promise<(Appended | Error)[]> {
  const room = await roomOf(kept, id, posts);
  const places: Places = new Map();
  let waiting = firstOfEach(posts).filter(({ author }) => room.writers.includes(author.userId));
  // A post is taken for new at first, as nearly all are; the index on its key knows better.
  let mayBeKnown = false;
  await untilAlone(async () => {
    // A post that is there already has its answer, also where the conversation has changed since.
    if (mayBeKnown || waiting.some(post => hasMoved(post, room))) waiting = await withoutKnown(kept, waiting, places);
    waiting = waiting.filter(post => !hasMoved(post, room));
    mayBeKnown = true;
    if (waiting.length > 0) waiting = await insertBehindTheLast(kept, room, waiting, places);
    return waiting.length > 0 ? CONTENDED : undefined;
  });
  return posts.map(post => answerFor(post, places.get(postKey(post)), room));
}

function firstOfEach(posts: readonly NewMessage[]): NewMessage[] {
  const firsts = new Map<string, NewMessage>();
  for (const post of posts) if (!firsts.has(postKey(post))) firsts.set(postKey(post), post);
  return [...firsts.values()];
}

function answerFor(post: NewMessage, placed: Place | undefined, room: Room): Appended | Error {
  if (!placed && room.writers.includes(post.author.userId)) return { kind: 'moved' };
  if (!placed) return new Error('the author is not a member of the conversation');
  return { kind: placed.by === post ? 'appended' : 'duplicate', seq: placed.seq, at: placed.at };
}

/** Which of those who post are members whose account is there. */
type Room = { conversationId: ConversationId; writers: UserId[]; revision: number };

/** It was decided under another revision. */
const hasMoved = ({ revision }: NewMessage, room: Room): boolean =>
  revision !== undefined && revision !== room.revision;

async function roomOf({ pairs, users }: Collections, id: ConversationId, posts: readonly NewMessage[]): Promise<Room> {
  const [pair, live] = await Promise.all([
    pairs.findOne({ _id: id, openedAt: { $ne: null } }, 'members revision').lean(),
    livingAmong({ users }, [...new Set(posts.map(({ author }) => author.userId))]),
  ]);
  const members = pair?.members ?? [];
  return {
    conversationId: id,
    writers: live.filter(user => members.some(member => member.user === user)),
    revision: pair?.revision ?? 0,
  };
}

/** Tries each at its place; what stands behind one that was refused has not been tried. */
async function insertBehindTheLast(
  { messages }: Collections,
  { conversationId }: Room,
  posts: readonly NewMessage[],
  places: Places,
): Promise<NewMessage[]> {
  // What this server has now: the index would refuse a place chosen behind an older end.
  const last = await messages.findOne({ conversationId }, 'seq').sort({ seq: -1 }).readConcern('local').lean();
  const documents = behind(last?.seq ?? 0, posts);
  const inserted = await insertInOrder(messages, documents);
  posts.slice(0, inserted).forEach((post, i) => {
    places.set(postKey(post), { seq: documents[i]?.seq ?? 0, at: post.at, by: post });
  });
  return posts.slice(inserted);
}

const behind = (lastSeq: number, posts: readonly NewMessage[]): MessageDocument[] =>
  posts.map((post, i) => {
    const { conversationId, id, author, at, counts, data, expiresAt = null } = post;
    const message = { conversationId, seq: lastSeq + 1 + i, id, author, at, counts, data, expiresAt };
    return { _id: postKey(post), ...message, withheldFrom: [...post.withheldFrom], retracted: false };
  });

/** Answers with how many were written before one whose key or place is taken. */
async function insertInOrder(messages: Collections['messages'], documents: MessageDocument[]): Promise<number> {
  try {
    await messages.insertMany(documents, { ordered: true, lean: true });
    return documents.length;
  } catch (error) {
    const inserted = insertedBefore(error);
    if (inserted === null) throw error;
    return inserted;
  }
}

/**
 * Takes out those that are there already, from another time or another process. The write changes nothing, but is
 * answered only when what it found is as durable as what it is to be taken for.
 */
async function withoutKnown(
  { messages }: Collections,
  posts: readonly NewMessage[],
  places: Places,
): Promise<NewMessage[]> {
  const known = { _id: { $in: posts.map(postKey) } };
  const { matchedCount } = await messages.updateMany(known, { $max: { seq: 0 } });
  if (matchedCount === 0) return [...posts];
  for (const { _id, seq, at } of await messages.find(known, 'seq at').lean()) {
    places.set(_id, { seq, at, by: null });
  }
  return posts.filter(post => !places.has(postKey(post)));
}
