import { assertNever } from '#protocol/result';
import {
  MOST_FILE_BYTES,
  MOST_FILES,
  safeFileName,
  type Failure,
  type FileId,
  type FileMessage,
  type OfferedFile,
} from '#protocol/direct/file-messages';

/**
 * ```
 *                     decline
 *              ┌─────────────────► declined
 *              │ accept                    all sent                checked
 *   offered ───┴────────► moving ─────────────────────► checking ──────────► done
 *                          ▲  │ pause                       │
 *                 continue │  ▼                             │ not what was sent
 *                         paused                            ▼
 *   every state that is not final ── cancel ──► cancelled     failed ◄── no room, unreadable, broken, end of the call
 * ```
 * One file on its way. `way`: to the other end, or from it. `stored`: bytes that the receiver has on its disk.
 */
export type Transfer = Sending | Receiving;

interface Common {
  readonly file: OfferedFile;
  readonly stored: number;
  readonly phase: Phase;
}
export interface Sending extends Common {
  readonly way: 'out';
  /** Where reading goes on: said by the receiver, and not used yet. */
  readonly from: number | null;
}
export interface Receiving extends Common {
  readonly way: 'in';
  /** Bytes that have arrived, stored or not. */
  readonly arrived: number;
}

export type Phase =
  | { readonly is: 'offered' | 'moving' | 'checking' | 'done' | 'declined' }
  /** `by`: who paused or cancelled it. */
  | { readonly is: 'paused' | 'cancelled'; readonly by: 'me' | 'peer' }
  | { readonly is: 'failed'; readonly why: Failure };

/** All files of a call, in their order; `open`: whether the channel is there. */
export interface Transfers {
  readonly open: boolean;
  readonly all: readonly Transfer[];
}
export const NO_TRANSFERS: Transfers = { open: false, all: [] };

export type FileEvent =
  /** What the person does. */
  | { readonly type: 'offer'; readonly file: OfferedFile }
  | { readonly type: 'take' | 'decline' | 'pause' | 'continue' | 'cancel'; readonly id: FileId }
  /** What the disk does: all was read and sent; so much is stored; what arrived is what was sent. */
  | { readonly type: 'sent'; readonly id: FileId; readonly digest: string }
  | { readonly type: 'stored'; readonly id: FileId; readonly bytes: number }
  | { readonly type: 'checked'; readonly id: FileId }
  | { readonly type: 'failed'; readonly id: FileId; readonly why: Failure }
  /** What the channel does. A piece has `length` bytes. */
  | { readonly type: 'opened' | 'lost' | 'over' }
  | { readonly type: 'message'; readonly message: FileMessage }
  | { readonly type: 'piece'; readonly id: FileId; readonly offset: number; readonly length: number };

/** What the shell does then, in order. */
export type FileEffect =
  | { readonly do: 'send'; readonly message: FileMessage }
  /** Reads a file and sends its pieces, from `from` on, or from where it was halted. */
  | { readonly do: 'read'; readonly id: FileId; readonly from: number | null }
  | { readonly do: 'halt'; readonly id: FileId }
  /** Keeps the piece that has just arrived. */
  | { readonly do: 'store'; readonly id: FileId }
  /** Compares what is stored with the digest of what was sent, once all of it is stored. */
  | { readonly do: 'check'; readonly id: FileId; readonly digest: string }
  | { readonly do: 'discard'; readonly id: FileId };

export type FileStep = readonly [Transfers, readonly FileEffect[]];

export const isOver = ({ phase }: Transfer): boolean =>
  phase.is === 'done' || phase.is === 'declined' || phase.is === 'cancelled' || phase.is === 'failed';

/** Both ends of a transfer of files (PROTOCOL.md, Files between devices). Total: every event has an answer in every state. */
export function nextTransfers(state: Transfers, event: FileEvent): FileStep {
  switch (event.type) {
    case 'offer': {
      const offered: Sending = { way: 'out', file: event.file, stored: 0, from: null, phase: { is: 'offered' } };
      return [{ ...state, all: [...state.all, offered] }, said(state, { type: 'offer', file: event.file })];
    }
    case 'opened': {
      const unfinished = state.all.filter(one => one.way === 'out' && !isOver(one));
      return [{ ...state, open: true }, unfinished.map(({ file }) => send({ type: 'offer', file }))];
    }
    case 'lost':
      return [{ ...state, open: false }, state.all.filter(reads).map(({ file }) => ({ do: 'halt', id: file.id }))];
    case 'over':
      return state.all.reduce<FileStep>(
        ([now, effects], one) => {
          const [next, more] = isOver(one) ? unchanged(now) : fail(now, one, 'call-over', false);
          return [next, [...effects, ...more]];
        },
        [{ ...state, open: false }, []],
      );
    case 'message':
      return event.message.type === 'offer' ? offered(state, event.message.file) : hear(state, event.message);
    case 'piece':
      return arrive(state, event);
    default: {
      const known = find(state, event.id);
      return known && !isOver(known) ? act(state, known, event) : unchanged(state);
    }
  }
}

const find = (state: Transfers, id: FileId): Transfer | undefined => state.all.find(({ file }) => file.id === id);
const unchanged = (state: Transfers): FileStep => [state, []];
const send = (message: FileMessage): FileEffect => ({ do: 'send', message });
/** Nothing is said without a channel: the next one begins with what is unfinished. */
const said = ({ open }: Transfers, message: FileMessage): FileEffect[] => (open ? [send(message)] : []);
const reads = ({ way, phase }: Transfer): boolean => way === 'out' && phase.is === 'moving';

const withTransfer = (state: Transfers, changed: Transfer): Transfers => ({
  ...state,
  all: state.all.map(one => (one.file.id === changed.file.id ? changed : one)),
});
const inPhase = (state: Transfers, one: Transfer, phase: Phase): Transfers => withTransfer(state, { ...one, phase });

/** What the person or the disk of this end does to a transfer that is not over. */
function act(
  state: Transfers,
  one: Transfer,
  event: Extract<FileEvent, { id: FileId }> & { type: Exclude<FileEvent['type'], 'piece'> },
): FileStep {
  const { id } = one.file;
  switch (event.type) {
    case 'take':
      if (one.way !== 'in' || one.phase.is !== 'offered') return unchanged(state);
      return [inPhase(state, one, { is: 'moving' }), said(state, { type: 'accept', id, from: 0 })];
    case 'decline':
      if (one.way !== 'in' || one.phase.is !== 'offered') return unchanged(state);
      return [inPhase(state, one, { is: 'declined' }), said(state, { type: 'decline', id })];
    case 'pause':
      if (one.phase.is !== 'moving') return unchanged(state);
      return [
        inPhase(state, one, { is: 'paused', by: 'me' }),
        [...halting(one), ...said(state, { type: 'pause', id })],
      ];
    case 'continue':
      if (one.phase.is !== 'paused' || one.phase.by !== 'me') return unchanged(state);
      return goOn(state, one, said(state, { type: 'continue', id }));
    case 'cancel': {
      const undone: FileEffect[] = one.way === 'out' ? halting(one) : [{ do: 'discard', id }];
      const message = { type: 'cancel', id, why: 'person' } as const;
      return [inPhase(state, one, { is: 'cancelled', by: 'me' }), [...undone, ...said(state, message)]];
    }
    case 'sent':
      if (one.way !== 'out' || one.phase.is !== 'moving') return unchanged(state);
      return [inPhase(state, one, { is: 'checking' }), said(state, { type: 'end', id, digest: event.digest })];
    case 'stored':
      if (one.way !== 'in') return unchanged(state);
      return [
        withTransfer(state, { ...one, stored: event.bytes }),
        said(state, { type: 'stored', id, bytes: event.bytes }),
      ];
    case 'checked':
      if (one.way !== 'in' || one.phase.is !== 'checking') return unchanged(state);
      return [inPhase(state, one, { is: 'done' }), said(state, { type: 'checked', id })];
    case 'failed':
      return fail(state, one, event.why);
    default:
      return assertNever(event);
  }
}

const halting = (one: Transfer): FileEffect[] => (reads(one) ? [{ do: 'halt', id: one.file.id }] : []);

/** What was paused moves on; the sender reads, unless the channel is gone: then it waits for the receiver's word. */
function goOn(state: Transfers, one: Transfer, effects: readonly FileEffect[]): FileStep {
  if (one.way === 'in') return [inPhase(state, one, { is: 'moving' }), effects];
  const reading: FileEffect[] = state.open ? [{ do: 'read', id: one.file.id, from: one.from }] : [];
  return [withTransfer(state, { ...one, from: null, phase: { is: 'moving' } }), [...effects, ...reading]];
}

function fail(state: Transfers, one: Transfer, why: Failure, tells = true): FileStep {
  const { id } = one.file;
  const undone: FileEffect[] = one.way === 'out' ? halting(one) : [{ do: 'discard', id }];
  const telling = tells ? said(state, { type: 'cancel', id, why }) : [];
  return [inPhase(state, one, { is: 'failed', why }), [...undone, ...telling]];
}

/** An offer, or one said again on a new channel: then the receiver says from where on it needs the file. */
function offered(state: Transfers, told: OfferedFile): FileStep {
  const file = { ...told, name: safeFileName(told.name) };
  const known = find(state, file.id);
  if (known) return known.way === 'in' ? offeredAgain(state, known, file) : unchanged(state);
  const refuse = (why: Failure): FileStep => [state, [send({ type: 'cancel', id: file.id, why })]];
  if (file.size > MOST_FILE_BYTES) return refuse('too-large');
  if (state.all.filter(one => one.way === 'in' && !isOver(one)).length >= MOST_FILES) return refuse('too-many');
  const one: Receiving = { way: 'in', file, stored: 0, arrived: 0, phase: { is: 'offered' } };
  return [{ ...state, all: [...state.all, one] }, []];
}

function offeredAgain(state: Transfers, one: Receiving, { id, size, name }: OfferedFile): FileStep {
  if (size !== one.file.size || name !== one.file.name)
    return isOver(one) ? unchanged(state) : fail(state, one, 'broken');
  const needs = send({ type: 'accept', id, from: one.arrived });
  switch (one.phase.is) {
    case 'offered':
    case 'checking':
      return unchanged(state);
    case 'moving':
      return [state, [needs]];
    case 'paused':
      return [state, one.phase.by === 'me' ? [needs, send({ type: 'pause', id })] : [needs]];
    case 'done':
      return [state, [send({ type: 'checked', id })]];
    case 'declined':
      return [state, [send({ type: 'decline', id })]];
    case 'cancelled':
      return [state, [send({ type: 'cancel', id, why: 'person' })]];
    case 'failed':
      return [state, [send({ type: 'cancel', id, why: one.phase.why })]];
  }
}

/** A message about a file. What comes too late, or is about no file that is known, changes nothing. */
function hear(state: Transfers, message: Exclude<FileMessage, { type: 'offer' }>): FileStep {
  const one = find(state, message.id);
  if (!one || isOver(one)) return unchanged(state);
  if (message.type === 'cancel') return cancelled(state, one, message.why);
  if (message.type === 'pause') {
    if (one.phase.is !== 'moving') return unchanged(state);
    return [inPhase(state, one, { is: 'paused', by: 'peer' }), halting(one)];
  }
  if (message.type === 'continue') {
    return one.phase.is === 'paused' && one.phase.by === 'peer' ? goOn(state, one, []) : unchanged(state);
  }
  return one.way === 'out' ? hearReceiver(state, one, message) : hearSender(state, one, message);
}

function cancelled(state: Transfers, one: Transfer, why: Failure | 'person'): FileStep {
  const [next, effects] = fail(state, one, why === 'person' ? 'broken' : why, false);
  return [why === 'person' ? inPhase(next, one, { is: 'cancelled', by: 'peer' }) : next, effects];
}

type Other = Exclude<FileMessage, { type: 'offer' | 'cancel' | 'pause' | 'continue' }>;

function hearReceiver(state: Transfers, one: Sending, message: Other): FileStep {
  const { phase, file } = one;
  switch (message.type) {
    case 'accept': {
      const { from } = message;
      if (from > file.size) return fail(state, one, 'broken');
      if (phase.is === 'paused' && phase.by === 'me') return [withTransfer(state, { ...one, from }), []];
      const moving: Sending = { ...one, from: null, phase: { is: 'moving' } };
      return [withTransfer(state, moving), [...halting(one), { do: 'read', id: file.id, from }]];
    }
    case 'decline':
      return phase.is === 'offered' ? [inPhase(state, one, { is: 'declined' }), []] : unchanged(state);
    case 'stored': {
      if (message.bytes > file.size) return fail(state, one, 'broken');
      return [withTransfer(state, { ...one, stored: Math.max(one.stored, message.bytes) }), []];
    }
    case 'checked':
      if (phase.is !== 'checking') return unchanged(state);
      return [withTransfer(state, { ...one, stored: file.size, phase: { is: 'done' } }), []];
    case 'end':
      return unchanged(state);
  }
}

function hearSender(state: Transfers, one: Receiving, message: Other): FileStep {
  if (message.type !== 'end' || (one.phase.is !== 'moving' && one.phase.is !== 'paused')) return unchanged(state);
  if (one.arrived !== one.file.size) return fail(state, one, 'broken');
  return [inPhase(state, one, { is: 'checking' }), [{ do: 'check', id: one.file.id, digest: message.digest }]];
}

/** A piece: the next one is kept, one that is there already is dropped, anything else ends the transfer. */
function arrive(state: Transfers, { id, offset, length }: Extract<FileEvent, { type: 'piece' }>): FileStep {
  const one = find(state, id);
  if (one?.way !== 'in' || (one.phase.is !== 'moving' && one.phase.is !== 'paused')) return unchanged(state);
  if (offset + length <= one.arrived) return unchanged(state);
  if (offset !== one.arrived || offset + length > one.file.size) return fail(state, one, 'broken');
  return [withTransfer(state, { ...one, arrived: offset + length }), [{ do: 'store', id }]];
}
