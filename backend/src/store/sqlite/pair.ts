import { memberRole } from '#protocol/conversation';
import type { UserId } from '#protocol/ids';
import { directConversationId, directKey, sortedPair } from '../../chat/direct-conversation.ts';
import {
  type Block,
  type Change,
  type Member,
  type Pair,
  peopleOf,
  type Related,
  sharesWith,
  strangers,
} from '../../contacts/pair.ts';
import { column, columns, flag, idText, integer, maybe, nullable, oneOf } from './columns.ts';
import type { Database } from './database.ts';
import { noteChange } from './keyring.ts';

const relation = columns<NonNullable<Pair['relation']>>({
  requestedBy: nullable<UserId>(idText),
  hidden: flag,
  since: integer,
});
const block = columns<Block>({ by: idText, at: integer, received: integer, read: integer });
const memberColumns = columns<Member>({
  user: idText,
  role: oneOf(memberRole.options),
  from: integer,
  to: nullable(integer),
  received: integer,
  read: integer,
});
const createdAt = column('createdAt', integer);

/** What two people are to each other, without their conversation: each post and each ring asks for it. */
export function readRelation(db: Database, one: UserId, other: UserId): Related {
  const [a, b] = sortedPair(one, other);
  return {
    relation: maybe(db.get`SELECT requestedBy, hidden, since FROM contact WHERE a = ${a} AND b = ${b}`, relation),
    blocks: db.all`SELECT blocker AS by, at, received, read FROM block
      WHERE (blocker = ${a} AND blocked = ${b}) OR (blocker = ${b} AND blocked = ${a}) ORDER BY blocker`.map(block),
  };
}

/** The same with their conversation, for verbs that change it. */
export function readPair(db: Database, one: UserId, other: UserId): Pair {
  const [a, b] = sortedPair(one, other);
  const id = directConversationId(a, b);
  const openedAt = maybe(db.get`SELECT createdAt FROM conversation WHERE id = ${id}`, createdAt);
  const members = db.all`
    SELECT user, role, fromSeq AS "from", toSeq AS "to", received, read FROM member
    WHERE conversation = ${id} ORDER BY user`.map(memberColumns);
  return {
    members: openedAt === null ? strangers(a, b).members : members,
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
  if (before.openedAt === null && after.openedAt !== null) openConversation(db, after);
  else if (after !== before)
    db.run`UPDATE conversation SET revision = revision + 1 WHERE id = ${directConversationId(a, b)}`;
}

function writeRelation(db: Database, [a, b]: [UserId, UserId], related: Pair['relation']): void {
  db.run`DELETE FROM contact WHERE a = ${a} AND b = ${b}`;
  if (related)
    db.run`INSERT INTO contact (a, b, requestedBy, hidden, since)
      VALUES (${a}, ${b}, ${related.requestedBy}, ${Number(related.hidden)}, ${related.since})`;
}

function openConversation(db: Database, pair: Pair): void {
  const [a, b] = peopleOf(pair);
  const id = directConversationId(a, b);
  db.run`INSERT INTO conversation (id, directKey, createdAt) VALUES (${id}, ${directKey(a, b)}, ${pair.openedAt})`;
  for (const { user, role, from, to } of pair.members)
    db.run`INSERT INTO member (conversation, user, role, fromSeq, toSeq) VALUES (${id}, ${user}, ${role}, ${from}, ${to})`;
}

/** Who begins or ceases to share with the other is to look at the other's keys again. */
function noteSharing(db: Database, before: Pair, after: Pair): void {
  const [a, b] = peopleOf(after);
  for (const [me, them] of [
    [a, b],
    [b, a],
  ] as const) {
    const shares = sharesWith(after, me);
    if (shares !== sharesWith(before, me)) noteChange(db, them, me, !shares);
  }
}

/** Reads a pair, decides by a function of `pair.ts`, and writes what has changed, within the writer's transaction. */
export function changePair<T>(db: Database, me: UserId, them: UserId, decide: (pair: Pair) => Change<T>): T {
  const before = readPair(db, me, them);
  const [after, answer] = decide(before);
  writePair(db, before, after);
  noteSharing(db, before, after);
  return answer;
}
