import { type Stored } from './conversation';
import { type Range } from './range';

/** How many messages are loaded at once from the local database. */
export const WINDOW_PAGE = 60;
/** Most messages that are drawn at once: what a window gains at one end it loses at the other. */
export const WINDOW_MOST = 300;
/** How many messages stand above the first unread one when a conversation is opened there. */
const BEFORE_UNREAD = 20;

/**
 * Messages by seq with more merged in.
 * @param list ascending, which is given back where nothing is new
 */
export function mergedBySeq(list: readonly Stored[], more: readonly Stored[]): readonly Stored[] {
  const known = new Set(list.map(({ seq }) => seq));
  const fresh = more.filter(({ seq }) => !known.has(seq));
  if (fresh.length === 0) return list;
  const last = list.at(-1)?.seq ?? 0;
  const together = [...list, ...fresh];
  return fresh.length === 1 && (fresh[0]?.seq ?? 0) > last ? together : together.sort((a, b) => a.seq - b.seq);
}

/**
 * What to load first: around the first unread message, else the end.
 * @param read this user's mark
 * @returns seqs, both included
 */
export function firstLook(held: Range, read: number, unread: number): Range {
  const isUnreadHere = unread > 0 && read + 1 > held.from;
  const from = isUnreadHere ? Math.min(read + 1 - BEFORE_UNREAD, held.to - WINDOW_PAGE + 1) : held.to - WINDOW_PAGE + 1;
  const to = isUnreadHere ? Math.min(held.to, read + WINDOW_PAGE) : held.to;
  return { from: Math.max(held.from, from), to: Math.max(to, Math.min(held.to, from + WINDOW_PAGE - 1)) };
}
