import { type Content, type MessageContent, nameOfKey } from '#protocol/content/kinds';
import { type ConversationId, type DeviceAddress, type MessageId, type UserId } from '#protocol/ids';

/** An entry of a conversation's log. Those of one key are the same entry: the key alone decides (PROTOCOL.md, Messages). */
export interface Said {
  readonly conversationId: ConversationId;
  readonly seq: number;
  readonly id: MessageId;
  readonly author: DeviceAddress;
  readonly content: Content;
}

/** Of edits and of one person's reactions the latest counts: the highest edition, and of two the higher id. */
interface Latest<T> {
  readonly edition: number;
  readonly id: MessageId;
  readonly value: T;
}

/** What is known of one target. Each part only ever grows, so that the order in which entries arrive does not matter. */
interface Item<E extends Said> {
  /** Null while nothing but what targets it is known. */
  readonly first: E | null;
  readonly edit: Latest<string> | null;
  readonly isDeleted: boolean;
  readonly reactions: ReadonlyMap<UserId, Latest<string | null>>;
}

/** What a log comes to: kept between pages of it. */
export interface Folded<E extends Said> {
  readonly items: ReadonlyMap<string, Item<E>>;
  /** Edits → what they edit: what targets an edit follows it to the first. */
  readonly follows: ReadonlyMap<string, string>;
}

/** A line of a conversation, as it is to be drawn. */
export interface Line<E extends Said> {
  /** As it was first said: its place, its author, its time. */
  readonly first: E;
  /** Null where its author has deleted it. */
  readonly content: Content | null;
  readonly isEdited: boolean;
  /** Most frequent first. */
  readonly reactions: readonly { readonly emoji: string; readonly by: readonly UserId[] }[];
}

export const NOTHING_SAID: Folded<never> = { items: new Map(), follows: new Map() };

/** Most different emoji that are drawn on one line. */
const MOST_EMOJI = 20;
/**
 * An edit of a higher edition is not kept. The number decides, not which edits are there: what is dropped would else
 * depend on the order in which they arrive.
 */
const MOST_EDITIONS = 50;

type Targeting = Exclude<MessageContent, { kind: 'text' }>;

const keyOf = ({ conversationId, author, id }: Said): string =>
  nameOfKey({ conversationId, authorId: author.userId, id });

/** A log with more of it, in any order, any of it more than once; total. */
export function fold<E extends Said>(before: Folded<E>, entries: readonly E[]): Folded<E> {
  const items = new Map(before.items);
  const follows = new Map(before.follows);
  for (const entry of entries) {
    const { content } = entry;
    const key = keyOf(entry);
    if (content.kind === 'text' || content.kind === 'unknown') {
      items.set(key, withFirst(items.get(key), entry));
      continue;
    }
    if (!mayTarget(entry, content)) continue;
    const target = rootOf(nameOfKey(content.target), follows);
    items.set(target, withTargeting(items.get(target), entry, content));
    // Edits that go round in a circle edit nothing.
    if (content.kind !== 'edit' || follows.has(key) || target === key) continue;
    follows.set(key, target);
    const waiting = items.get(key);
    if (!waiting) continue;
    items.delete(key);
    items.set(target, joined(items.get(target), waiting));
  }
  return { items, follows };
}

/** Edits and deletions count only from their target's author, whom the target names; in its own conversation (F3, F6). */
function mayTarget({ conversationId, author }: Said, { kind, target, edition }: Targeting): boolean {
  if (kind === 'edit' && edition > MOST_EDITIONS) return false;
  return target.conversationId === conversationId && (kind === 'reaction' || target.authorId === author.userId);
}

function rootOf(key: string, follows: ReadonlyMap<string, string>): string {
  let root = key;
  for (let next = follows.get(root); next !== undefined; next = follows.get(root)) root = next;
  return root;
}

const BLANK: Item<never> = { first: null, edit: null, isDeleted: false, reactions: new Map() };

const withFirst = <E extends Said>(item: Item<E> | undefined, entry: E): Item<E> => {
  const known = item ?? BLANK;
  return known.first ? known : { ...known, first: entry };
};

function withTargeting<E extends Said>(item: Item<E> = BLANK, { id, author }: Said, content: Targeting): Item<E> {
  const { edition } = content;
  switch (content.kind) {
    case 'edit':
      return { ...item, edit: later(item.edit, { edition, id, value: content.body }) };
    case 'deletion':
      return { ...item, isDeleted: true };
    case 'reaction': {
      const latest = later(item.reactions.get(author.userId), { edition, id, value: content.emoji });
      return { ...item, reactions: new Map(item.reactions).set(author.userId, latest) };
    }
  }
}

function later<T>(one: Latest<T> | null | undefined, other: Latest<T>): Latest<T> {
  if (!one) return other;
  if (one.edition !== other.edition) return one.edition > other.edition ? one : other;
  return one.id >= other.id ? one : other;
}

/** What targeted an edit before that edit was known is added to the target of the edit. */
function joined<E extends Said>(item: Item<E> = BLANK, waiting: Item<E>): Item<E> {
  const reactions = new Map(item.reactions);
  for (const [by, latest] of waiting.reactions) reactions.set(by, later(reactions.get(by), latest));
  return {
    first: item.first ?? waiting.first,
    edit: waiting.edit ? later(item.edit, waiting.edit) : item.edit,
    isDeleted: item.isDeleted || waiting.isDeleted,
    reactions,
  };
}

/** The lines of a conversation, by seq. What targets nothing known waits and is not among them. */
export function linesOf<E extends Said>({ items }: Folded<E>): Line<E>[] {
  const lines = [...items.values()].flatMap(item => (item.first ? lineOf(item, item.first) : []));
  return lines.sort((a, b) => a.first.seq - b.first.seq);
}

function lineOf<E extends Said>({ edit, isDeleted, reactions }: Item<E>, first: E): Line<E> {
  if (isDeleted) return { first, content: null, isEdited: false, reactions: [] };
  const { content } = first;
  // Only text can be edited: what an edit changes in an unknown kind is not defined.
  const isEdited = edit !== null && content.kind === 'text';
  return {
    first,
    content: isEdited ? { ...content, body: edit.value } : content,
    isEdited,
    reactions: countedOf(reactions),
  };
}

function countedOf(reactions: Item<Said>['reactions']): Line<Said>['reactions'] {
  const by = new Map<string, UserId[]>();
  for (const [userId, { value }] of [...reactions].sort(([a], [b]) => (a < b ? -1 : 1))) {
    if (value !== null) by.set(value, [...(by.get(value) ?? []), userId]);
  }
  return [...by]
    .map(([emoji, users]) => ({ emoji, by: users }))
    .sort((a, b) => b.by.length - a.by.length || (a.emoji < b.emoji ? -1 : 1))
    .slice(0, MOST_EMOJI);
}
