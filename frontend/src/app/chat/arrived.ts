import { type Conversation as ServerConversation } from '#protocol/api/conversations';
import { type Page } from '#protocol/api/page';
import { type Message, type Placed, type RetractedMessage } from '#protocol/chat-frames';
import { groupBy } from '#protocol/group-by';
import { mayOpen, type Opened } from '../crypto/opened';
import { type Conversation, type Entry, type Listed, type Stored } from './conversation';
import { runOf } from './range';

/** Opens what a message says; total. */
export type Open = (message: Message) => Promise<Opened>;

/** The one place where what has arrived becomes what is kept, on the page and in the data worker. */
export async function storedOf(arrived: Placed, open: Open): Promise<Stored> {
  return 'data' in arrived ? entryOf(arrived, open) : arrived;
}

async function entryOf(arrived: Message, open: Open): Promise<Entry> {
  const { data, ...message } = arrived;
  return openedAs(message, await open(arrived));
}

/** An entry as it is kept with what it says. */
export const openedAs = (entry: Omit<Entry, keyof Opened | 'waits'>, opened: Opened): Entry => ({
  ...entry,
  ...opened,
  ...(mayOpen(opened.sealed) && { waits: entry.at }),
});

/** A page of the list with what waits to be stored of it. */
export interface ListPage {
  readonly page: Page<Listed>;
  /** The newest entries of its conversations, as far as they were asked for. */
  readonly entries: readonly Stored[];
}

/** A page of the list as the server answers it, decoded. */
export async function listPageOf({ items, ...others }: Page<ServerConversation>, open: Open): Promise<ListPage> {
  const listed: Listed[] = [];
  const all: Stored[] = [];
  for (const { last, entries, ...one } of items) {
    const stored = await Promise.all((entries ?? []).map(entry => storedOf(entry, open)));
    const run = runOf(stored);
    all.push(...stored);
    listed.push({ ...one, ...(last && { last: await entryOf(last, open) }), ...(run && { run }) });
  }
  return { page: { ...others, items: listed }, entries: all };
}

/** So many entries are stored in one transaction. */
const ENTRIES_AT_ONCE = 200;

/** Conversations as they are from now on, and the entries that they then hold. */
export interface Part {
  readonly entries: readonly Stored[];
  readonly after: readonly Conversation[];
}

/**
 * In which transactions entries are stored: no conversation says that it holds what a later one brings.
 * @param gone what was retracted since the entries were asked for
 */
export function inParts(
  entries: readonly Stored[],
  after: readonly Conversation[],
  gone: readonly RetractedMessage[],
): Part[] {
  const place = ({ conversationId, seq }: { conversationId: string; seq: number }) => `${conversationId} ${seq}`;
  const places = new Map(gone.map(one => [place(one), one]));
  const parts: { entries: Stored[]; after: Conversation[] }[] = [];
  const byConversation = groupBy(entries, ({ conversationId }) => conversationId);
  for (const one of after) {
    const own = (byConversation.get(one.id) ?? []).map(stored => places.get(place(stored)) ?? stored);
    const last = parts.at(-1);
    const isFull = !last || last.entries.length + own.length + last.after.length + 1 > ENTRIES_AT_ONCE;
    if (isFull) parts.push({ entries: own, after: [one] });
    else {
      last.entries.push(...own);
      last.after.push(one);
    }
  }
  return parts;
}
