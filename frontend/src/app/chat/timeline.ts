import { type CallEntry } from '#protocol/api/calls';
import { type Message } from '#protocol/chat-frames';
import { type FaultCode } from '#protocol/faults';
import { type UserId } from '#protocol/ids';
import { isMessage, type Stored } from './conversation';
import { type Post } from './post-queue';

/** Messages of one sender closer than this stand in one group, ms. */
const GROUP_MS = 5 * 60_000;

/** How far an own message has come. */
export type PostState = 'waiting' | 'failed' | 'sent' | 'received' | 'read';

/** One line of a conversation, in the order it is drawn. `key` stays the same from the queue to the conversation. */
export type Row =
  | { readonly kind: 'day'; readonly key: string; readonly at: number }
  | { readonly kind: 'unread'; readonly key: string }
  | { readonly kind: 'call'; readonly key: string; readonly entry: CallEntry }
  | MessageRow;

export interface MessageRow {
  readonly kind: 'message';
  readonly key: string;
  /** Its place in the sequence; null while it waits. */
  readonly seq: number | null;
  readonly at: number;
  readonly data: string;
  readonly own: boolean;
  /** Null: somebody else's. */
  readonly state: PostState | null;
  /** Why it was refused, where it failed. */
  readonly fault?: FaultCode;
  /** Whether it opens and closes a group of one sender's messages. */
  readonly first: boolean;
  readonly last: boolean;
}

export interface TimelineParts {
  readonly me: UserId;
  /** Ascending by seq. */
  readonly messages: readonly Stored[];
  readonly posts: readonly Post[];
  readonly calls: readonly CallEntry[];
  /** How far every other member has come. */
  readonly peers: { readonly received: number; readonly read: number };
  /** The line "new" stands above the first message of somebody else behind this seq; null: no line. */
  readonly unreadAfter: number | null;
  /** Whether the messages reach the conversation's end: only then what waits and the latest calls follow them. */
  readonly atEnd: boolean;
  /** Whether nothing is older than these messages: only then calls stand before them. */
  readonly atStart: boolean;
}

type Piece = MessageRow | Extract<Row, { kind: 'call' }>;
const timeOf = (piece: Piece): number => (piece.kind === 'call' ? piece.entry.at : piece.at);

/** The rows of a conversation: messages by seq, calls between them by time, what waits last, days and groups marked. */
export function timeline(parts: TimelineParts): Row[] {
  const messages = parts.messages.filter(isMessage).map(message => ofMessage(message, parts));
  const waiting = parts.atEnd ? parts.posts.map(ofPost) : [];
  const pieces = [...withCalls(messages, parts), ...waiting];
  return withDays(withGroups(pieces), parts);
}

function ofMessage(message: Message, { me, peers }: TimelineParts): MessageRow {
  const own = message.senderId === me;
  const { id, seq, at, data } = message;
  const state = seq <= peers.read ? 'read' : seq <= peers.received ? 'received' : 'sent';
  // Another sender's equal id is another message.
  return {
    kind: 'message',
    key: own ? id : `${message.senderId} ${id}`,
    seq,
    at,
    data,
    own,
    state: own ? state : null,
    first: true,
    last: true,
  };
}

const ofPost = ({ id, at, data, fault }: Post): MessageRow => ({
  kind: 'message',
  key: id,
  seq: null,
  at,
  data,
  own: true,
  state: fault ? 'failed' : 'waiting',
  ...(fault ? { fault } : {}),
  first: true,
  last: true,
});

const ofCall = (entry: CallEntry): Piece => ({ kind: 'call', key: entry.callId, entry });

/** Calls stand before the first message that is later; the order of the messages is never touched. */
function withCalls(messages: readonly MessageRow[], parts: TimelineParts): Piece[] {
  const start = parts.atStart ? 0 : (messages[0]?.at ?? 0);
  const calls = parts.calls.filter(({ at }) => at >= start).toSorted((a, b) => a.at - b.at);
  const pieces: Piece[] = [];
  let placed = 0;
  for (const message of messages) {
    for (let entry = calls[placed]; entry && entry.at < message.at; entry = calls[++placed]) pieces.push(ofCall(entry));
    pieces.push(message);
  }
  return parts.atEnd ? [...pieces, ...calls.slice(placed).map(ofCall)] : pieces;
}

/** Two messages stand together: same side, same day, a short while apart. */
const together = (a: Piece | undefined, b: Piece | undefined): boolean =>
  a?.kind === 'message' && b?.kind === 'message' && a.own === b.own && b.at - a.at < GROUP_MS && sameDay(a.at, b.at);

const sameDay = (a: number, b: number): boolean => new Date(a).toDateString() === new Date(b).toDateString();

const withGroups = (pieces: readonly Piece[]): Piece[] =>
  pieces.map((piece, i) => {
    if (piece.kind === 'call') return piece;
    return { ...piece, first: !together(pieces[i - 1], piece), last: !together(piece, pieces[i + 1]) };
  });

function withDays(pieces: readonly Piece[], { unreadAfter }: TimelineParts): Row[] {
  const rows: Row[] = [];
  let day: number | null = null;
  let isMarked = unreadAfter === null;
  for (const piece of pieces) {
    const at = timeOf(piece);
    // A clock that was set back makes no second "today" between two messages.
    if (day === null || (at > day && !sameDay(at, day))) {
      rows.push({ kind: 'day', key: `day ${new Date(at).toDateString()}`, at });
      day = at;
    }
    if (!isMarked && piece.kind === 'message' && !piece.own && (piece.seq ?? 0) > (unreadAfter ?? 0)) {
      rows.push({ kind: 'unread', key: 'unread' });
      isMarked = true;
    }
    rows.push(piece);
  }
  return rows;
}
