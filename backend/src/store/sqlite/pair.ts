import type { UserId } from '#protocol/ids';
import { directConversationId, directKey, sortedPair } from '../../chat/direct-conversation.ts';
import { type Block, type Change, type Member, type Pair, peopleOf, strangers } from '../../contacts/pair.ts';
import { column, columns, flag, idText, integer, maybe, nullable } from './columns.ts';
import type { Database } from './database.ts';

const relation = columns<NonNullable<Pair['relation']>>({
  ...{ requestedBy: nullable<UserId>(idText), hidden: flag, since: integer },
});
const block = columns<Block>({ by: idText, at: integer, received: integer, read: integer });
const marks = columns<Omit<Member, 'shownBefore'>>({ user: idText, received: integer, read: integer });
const createdAt = column('createdAt', integer);

/** What two people are to each other, without their conversation: each post and each ring asks for it. */
export function readRelation(db: Database, one: UserId, other: UserId): Pick<Pair, 'relation' | 'blocks'> {
  const [a, b] = sortedPair(one, other);
  return {
    relation: maybe(db.get`SELECT requestedBy, hidden, since FROM contact WHERE a = ${a} AND b = ${b}`, relation),
    blocks: db.all`SELECT blocker AS by, at, received, read FROM block
      WHERE (blocker = ${a} AND blocked = ${b}) OR (blocker = ${b} AND blocked = ${a}) ORDER BY blocker`.map(block),
  };
}

/** The same with their conversation, for whatever changes it. */
export function readPair(db: Database, one: UserId, other: UserId): Pair {
  const [a, b] = sortedPair(one, other);
  const id = directConversationId(a, b);
  const openedAt = maybe(db.get`SELECT createdAt FROM conversation WHERE id = ${id}`, createdAt);
  const members = db.all`SELECT user, received, read FROM member WHERE conversation = ${id} ORDER BY user`.map(marks);
  return {
    members: openedAt === null ? strangers(a, b).members : members.map(own => ({ ...own, shownBefore: 0 })),
    ...readRelation(db, a, b),
    openedAt,
  };
}

/** Writes what has changed of a pair, but for marks, which grow beside it. */
export function writePair(db: Database, before: Pair, after: Pair): void {
  const [a, b] = peopleOf(after);
  if (after.relation !== before.relation) writeRelation(db, [a, b], after.relation);
  const isIn = (pair: Pair, { by }: Block): boolean => pair.blocks.some(one => one.by === by);
  for (const { by } of before.blocks.filter(one => !isIn(after, one)))
    db.run`DELETE FROM block WHERE blocker = ${by} AND blocked = ${by === a ? b : a}`;
  for (const { by, at, received, read } of after.blocks.filter(one => !isIn(before, one)))
    db.run`INSERT INTO block (blocker, blocked, at, received, read)
      VALUES (${by}, ${by === a ? b : a}, ${at}, ${received}, ${read})`;
  if (before.openedAt === null && after.openedAt !== null) openConversation(db, [a, b], after.openedAt);
}

function writeRelation(db: Database, [a, b]: [UserId, UserId], related: Pair['relation']): void {
  db.run`DELETE FROM contact WHERE a = ${a} AND b = ${b}`;
  if (related)
    db.run`INSERT INTO contact (a, b, requestedBy, hidden, since)
      VALUES (${a}, ${b}, ${related.requestedBy}, ${Number(related.hidden)}, ${related.since})`;
}

function openConversation(db: Database, [a, b]: [UserId, UserId], at: number): void {
  const id = directConversationId(a, b);
  db.run`INSERT INTO conversation (id, directKey, createdAt) VALUES (${id}, ${directKey(a, b)}, ${at})`;
  db.run`INSERT INTO member (conversation, user, activeAt) VALUES (${id}, ${a}, ${at}), (${id}, ${b}, ${at})`;
}

/** Reads a pair, decides by a function of `pair.ts`, and writes what has changed, within the writer's transaction. */
export function changePair<T>(db: Database, me: UserId, them: UserId, decide: (pair: Pair) => Change<T>): T {
  const before = readPair(db, me, them);
  const [after, answer] = decide(before);
  writePair(db, before, after);
  return answer;
}
