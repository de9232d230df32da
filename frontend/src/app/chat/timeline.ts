import { type CallEntry } from '#protocol/api/calls';
import { fold, linesOf, NOTHING_SAID } from '#protocol/content/fold';
import { type WithheldMessage } from '#protocol/chat-frames';
import { type Content } from '#protocol/content/kinds';
import { type FaultCode } from '#protocol/faults';
import { type MessageId, type UserId } from '#protocol/ids';
import { midnight } from '../../i18n/dates';
import { outcomeOf } from '../call-log/call-entries';
import { type Entry, isEntry, isRetracted, type Stored } from './conversation';
import { type DirectEntry, isProvisional } from './direct-entry';
import { type WaitingPost } from './posts';
import { steadyTimes } from './steady-times';

/** Messages of one sender closer than this stand in one group, ms. */
const GROUP_MS = 5 * 60_000;

/** How far an own message has come. */
export type PostState = 'waiting' | 'failed' | 'sent' | 'received' | 'read';

/** One line of a conversation, in the order it is drawn. `key` stays the same from the queue to the conversation. */
export type Row =
  | { readonly kind: 'day'; readonly key: string; readonly at: number }
  | { readonly kind: 'unread'; readonly key: string }
  | CallRun
  | MessageRow
  | NoteRow;

/** Something about the messages below it: some are missing, or their author has another identity from there on. */
export interface NoteRow {
  readonly kind: 'note';
  readonly key: string;
  readonly says: 'missing' | 'identity';
  /** It stands above the first line from this place on. */
  readonly seq: number;
  /** Whose messages. */
  readonly person: UserId;
  readonly own: boolean;
  /** How many are missing. */
  readonly count: number;
  /** When that message was sent, ms since the epoch. */
  readonly at: number;
}

/** A call, or some in a row that came to nothing in the same way; oldest first. */
export interface CallRun {
  readonly kind: 'call';
  readonly key: string;
  readonly entries: readonly [CallEntry, ...CallEntry[]];
  /** Missed, and not seen yet. */
  readonly isNew: boolean;
}

export interface MessageRow {
  readonly kind: 'message';
  readonly key: string;
  readonly id: MessageId;
  /** Its place in the sequence; null while it waits. */
  readonly seq: number | null;
  /** The first of the places it stands for: withheld ones directly before it are not drawn; null while it waits. */
  readonly from: number | null;
  readonly at: number;
  /** Null: it was deleted. */
  readonly content: Content | null;
  readonly own: boolean;
  /** Null: somebody else's, or deleted. */
  readonly state: PostState | null;
  /** Why it was refused, where it failed. */
  readonly fault?: FaultCode;
  /** Why it still waits. */
  readonly trouble?: NonNullable<WaitingPost['trouble']>;
  /** Why it cannot be read. */
  readonly sealed?: NonNullable<Entry['sealed']>;
  /** It came from device to device: its entry may still come, or has not come for days. */
  readonly direct?: 'provisional' | 'kept';
  /** It came from device to device, and was not looked at. */
  readonly isNew?: true;
  /** Whether it opens and closes a group of one sender's messages. */
  readonly first: boolean;
  readonly last: boolean;
}

export interface TimelineParts {
  readonly me: UserId;
  /** Ascending by seq. */
  readonly messages: readonly Stored[];
  readonly posts: readonly WaitingPost[];
  /** What other devices have handed over, without their entries; in the order of arrival. */
  readonly direct: readonly DirectEntry[];
  readonly calls: readonly CallEntry[];
  /** Whether a missed call was not seen yet. */
  readonly isNew: (call: CallEntry) => boolean;
  /** Whether a message that another device has handed over was not looked at. */
  readonly isUnseen: (copy: DirectEntry) => boolean;
  /** The midnight that began this day, ms since the epoch. */
  readonly today: number;
  /** How far every other member has come. */
  readonly peers: { readonly received: number; readonly read: number };
  /** The line "new" stands above the first message of somebody else behind this seq; null: no line. */
  readonly unreadAfter: number | null;
  /** Ascending by seq. */
  readonly notes?: readonly NoteRow[];
  /** Whether the messages reach the conversation's end: only then what waits and the latest calls follow them. */
  readonly atEnd: boolean;
  /** Whether nothing is older than these messages: only then calls stand before them. */
  readonly atStart: boolean;
}

type Piece = MessageRow | CallRun;
/** A piece, and when it was by a clock that never goes back (`steadyTimes`). */
type Timed<P extends Piece = Piece> = P & { readonly time: number };

/**
 * The rows of a conversation: messages by seq, between them by time calls and what has no seq for good, what has none yet last,
 * days and groups marked.
 */
export function timeline(parts: TimelineParts): Row[] {
  const [provisional, kept] = directOf(parts);
  const numberless = [...parts.posts.map(ofPost), ...provisional].sort((a, b) => a.at - b.at);
  const messages = [...ofStored(parts), ...(parts.atEnd ? numberless : [])];
  const latest = midnight(parts.today, 1) - 1;
  const times = steadyTimes(
    messages.map(({ at }) => at),
    latest,
  );
  const timed = messages.map((message, i) => ({ ...message, time: times[i] ?? latest }));
  return withDays(withGroups(folded(withPlaced(timed, latest, parts, kept))), parts);
}

function ofStored(parts: TimelineParts): MessageRow[] {
  const lines = linesOf(fold(NOTHING_SAID, parts.messages.filter(isEntry)));
  const bySeq = new Map(lines.map(line => [line.first.seq, line]));
  const rows: MessageRow[] = [];
  let from: number | null = null;
  let before = 0;
  for (const stored of parts.messages) {
    // Behind a hole nothing stands for what is missing.
    if (from === null || stored.seq !== before + 1) from = stored.seq;
    before = stored.seq;
    const line = isRetracted(stored) ? { first: stored, content: null } : bySeq.get(stored.seq);
    // Withheld, or about another line.
    if (!line) continue;
    rows.push(ofLine(line.first, line.content, from, parts));
    from = null;
  }
  return rows;
}

/** Where a line was first said, by whom and when. */
type First = Pick<Exclude<Stored, WithheldMessage>, 'id' | 'seq' | 'at' | 'author'> & Pick<Entry, 'sealed'>;

function ofLine(first: First, content: Content | null, from: number, { me, peers }: TimelineParts): MessageRow {
  const { id, seq, at, author, sealed } = first;
  const own = author.userId === me;
  const state = seq <= peers.read ? 'read' : seq <= peers.received ? 'received' : 'sent';
  // Another sender's equal id is another message.
  return {
    kind: 'message',
    key: own ? id : `${author.userId} ${id}`,
    id,
    seq,
    from,
    at,
    content,
    own,
    state: own && content ? state : null,
    ...(sealed && content ? { sealed } : {}),
    first: true,
    last: true,
  };
}

const ofPost = ({ id, at, content, fault, trouble }: WaitingPost): MessageRow => ({
  kind: 'message',
  key: id,
  id,
  seq: null,
  from: null,
  at,
  content,
  own: true,
  state: fault ? 'failed' : 'waiting',
  ...(fault ? { fault } : {}),
  ...(trouble ? { trouble } : {}),
  first: true,
  last: true,
});

/** Those whose entries may still come, and the others. */
function directOf({ direct, today, isUnseen }: TimelineParts): readonly [MessageRow[], MessageRow[]] {
  const rows = { provisional: [] as MessageRow[], kept: [] as MessageRow[] };
  for (const one of direct) {
    const how = isProvisional(one, today) ? 'provisional' : 'kept';
    const { id, authorId, at, content } = one;
    const row = { kind: 'message', key: `${authorId} ${id}`, id, seq: null, from: null, at, content } as const;
    const more = isUnseen(one) ? { isNew: true as const } : {};
    rows[how].push({ ...row, ...more, own: false, state: null, direct: how, first: true, last: true });
  }
  return [rows.provisional, rows.kept];
}

/**
 * Calls, and what has no number for good, stand before the first message that is later, and before what waits; the order of the
 * messages is never touched.
 */
function withPlaced(
  messages: readonly Timed<MessageRow>[],
  latest: number,
  parts: TimelineParts,
  kept: readonly MessageRow[],
): Timed[] {
  const start = parts.atStart ? 0 : (messages[0]?.time ?? 0);
  const ofCall = (entry: CallEntry): CallRun => {
    return { kind: 'call', key: entry.callId, entries: [entry], isNew: parts.isNew(entry) };
  };
  const others = [
    ...parts.calls.map(entry => ({ at: entry.at, piece: ofCall(entry) })),
    ...kept.map(row => ({ at: row.at, piece: row })),
  ]
    .filter(({ at }) => at >= start)
    .sort((a, b) => a.at - b.at);
  const pieces: Timed[] = [];
  let placed = 0;
  let time = 0;
  const place = ({ at, piece }: { at: number; piece: Piece }): void => {
    time = Math.max(time, Math.min(at, latest));
    pieces.push({ ...piece, time });
  };
  for (const message of messages) {
    const isEarlier = ({ at }: { at: number }): boolean => message.seq === null || at < message.time;
    for (let other = others[placed]; other && isEarlier(other); other = others[++placed]) place(other);
    time = Math.max(time, message.time);
    pieces.push({ ...message, time });
  }
  if (parts.atEnd) others.slice(placed).forEach(place);
  return pieces;
}

/** Calls in a row that came to nothing in the same way, on one day, are one line. */
function folded(pieces: readonly Timed[]): Timed[] {
  const out: Timed[] = [];
  for (const piece of pieces) {
    const last = out.at(-1);
    if (piece.kind === 'call' && last?.kind === 'call' && isAlike(last, piece)) {
      const isNew = last.isNew || piece.isNew;
      out[out.length - 1] = { ...last, entries: [...last.entries, ...piece.entries], isNew };
    } else out.push(piece);
  }
  return out;
}

function isAlike(a: Timed<CallRun>, b: Timed<CallRun>): boolean {
  const [one, other] = [a.entries[0], b.entries[0]];
  const outcome = outcomeOf(one);
  if (outcome === 'talked' || outcome !== outcomeOf(other) || one.direction !== other.direction) return false;
  return sameDay(a.time, b.time);
}

/** Two messages stand together: same side, same day, a short while apart. */
const together = (a: Timed | undefined, b: Timed | undefined): boolean =>
  a?.kind === 'message' &&
  b?.kind === 'message' &&
  a.own === b.own &&
  b.time - a.time < GROUP_MS &&
  sameDay(a.time, b.time);

const sameDay = (a: number, b: number): boolean => midnight(a) === midnight(b);

const withGroups = (pieces: readonly Timed[]): Timed[] =>
  pieces.map((piece, i) => {
    if (piece.kind === 'call') return piece;
    return { ...piece, first: !together(pieces[i - 1], piece), last: !together(piece, pieces[i + 1]) };
  });

function withDays(pieces: readonly Timed[], { unreadAfter, notes = [] }: TimelineParts): Row[] {
  const rows: Row[] = [];
  const left = [...notes];
  let day: number | null = null;
  let isMarked = unreadAfter === null;
  for (const { time, ...piece } of pieces) {
    if (day === null || !sameDay(time, day)) {
      rows.push({ kind: 'day', key: `day ${new Date(time).toDateString()}`, at: time });
      day = time;
    }
    const isNews = piece.kind === 'message' && !piece.own && piece.content !== null;
    if (!isMarked && isNews && (piece.seq ?? 0) > (unreadAfter ?? 0)) {
      rows.push({ kind: 'unread', key: 'unread' });
      isMarked = true;
    }
    if (piece.kind === 'message')
      while (left[0] && left[0].seq <= (piece.seq ?? Infinity)) rows.push(...left.splice(0, 1));
    rows.push(piece);
  }
  return [...rows, ...left];
}
