import { isEntry, isRetracted, type Stored } from './conversation';

/** How many messages are loaded at once. */
export const WINDOW_PAGE = 60;
/** Most messages that are drawn at once: what a window gains at one end it loses at the other. */
export const WINDOW_MOST = 300;
/** How many messages stand above the one a conversation is opened at. */
export const WINDOW_ABOVE = 20;

/** What is drawn of a conversation. */
export interface MessageWindow {
  /** Ascending by seq, without a hole. */
  readonly messages: readonly Stored[];
  /** What has come behind a hole that is about to be filled; ascending. */
  readonly beyond: readonly Stored[];
  /** Whether it reaches the newest message. */
  readonly atEnd: boolean;
}

export const EMPTY_WINDOW: MessageWindow = { messages: [], beyond: [], atEnd: true };

/** Everything that is drawn, ascending. */
export const drawnOf = ({ messages, beyond }: MessageWindow): readonly Stored[] =>
  beyond.length === 0 ? messages : [...messages, ...beyond];

const firstOf = ({ messages }: MessageWindow): number => messages[0]?.seq ?? 0;
const lastOf = ({ messages }: MessageWindow): number => messages.at(-1)?.seq ?? 0;

/** What directly precedes the window, put before it. */
export function withOlder(window: MessageWindow, page: readonly Stored[]): MessageWindow {
  const first = firstOf(window);
  const older = page.filter(({ seq }) => seq < first);
  if (older.at(-1)?.seq !== first - 1) return window;
  const messages = [...older, ...window.messages];
  if (messages.length <= WINDOW_MOST) return { ...window, messages };
  return { messages: messages.slice(0, WINDOW_MOST), beyond: [], atEnd: false };
}

/**
 * What directly follows the window, put behind it.
 * @param lastSeq the newest there is
 */
export function withNewer(window: MessageWindow, page: readonly Stored[], lastSeq: number): MessageWindow {
  const joined = joinedBy(window, page);
  return { ...joined, messages: joined.messages.slice(-WINDOW_MOST), atEnd: lastOf(joined) >= lastSeq };
}

/**
 * What has just come. Where the window is full it waits to be asked for (`withNewer`): only who draws it knows whether its
 * upper end may go.
 */
export function withArrival(before: MessageWindow, arrived: readonly Stored[]): MessageWindow {
  const window = withChanged(before, arrived);
  if (!window.atEnd) return window;
  const next = joinedBy(window, arrived);
  if (next.messages === window.messages && next.beyond === window.beyond) return window;
  const isFull = next.messages.length + next.beyond.length > WINDOW_MOST;
  return isFull ? { ...window, beyond: [], atEnd: false } : next;
}

/** What was retracted, or can be read now, stands at its place, wherever that is drawn. */
function withChanged(window: MessageWindow, arrived: readonly Stored[]): MessageWindow {
  const places = new Map(arrived.map(stored => [stored.seq, stored]));
  const asNow = (stored: Stored): Stored => {
    const now = places.get(stored.seq);
    return now && isChange(stored, now) ? now : stored;
  };
  if (drawnOf(window).every(stored => asNow(stored) === stored)) return window;
  return { ...window, messages: window.messages.map(asNow), beyond: window.beyond.map(asNow) };
}

/** No place goes back to what it was. */
const isChange = (stored: Stored, now: Stored): boolean =>
  !isRetracted(stored) && (isRetracted(now) || (isEntry(stored) && isEntry(now) && stored.sealed !== undefined));

function joinedBy(window: MessageWindow, more: readonly Stored[]): MessageWindow {
  const last = lastOf(window);
  const isEmpty = window.messages.length === 0;
  const known = new Set(window.beyond.map(({ seq }) => seq));
  const fresh = more.filter(({ seq }) => seq > last && !known.has(seq));
  if (fresh.length === 0) return window;
  const waiting = [...window.beyond, ...fresh].sort((a, b) => a.seq - b.seq);
  // An empty window begins wherever its first messages are.
  const start = isEmpty ? (waiting[0]?.seq ?? 0) : last + 1;
  const joins = waiting.findIndex(({ seq }, i) => seq !== start + i);
  const count = joins === -1 ? waiting.length : joins;
  if (count === 0) return { ...window, beyond: waiting };
  return { ...window, messages: [...window.messages, ...waiting.slice(0, count)], beyond: waiting.slice(count) };
}
