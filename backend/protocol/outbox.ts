/**
 * Lossless, ordered delivery over a socket that may die at any time, the same at both ends (after XEP-0198). One value a
 * session holds both directions: what was sent and is not confirmed, and how far the other end has been heard.
 *
 * ```
 *   send ──► [n, n+1, …] waiting ──► confirm(ack) drops what arrived
 *                   └── resend after a resume
 *   receive(n) ──► fresh (n = received + 1) · duplicate (already had it) · gap (the other end broke the rules)
 * ```
 *
 * Every function is pure: it answers with the next state. Reliable frames carry `n` from 1; any frame may carry `ack`.
 */
import { OUTBOX_CHARS, OUTBOX_FRAMES } from '#protocol/limits';

/** An explicit ack is due at once when this many frames are unconfirmed … */
export const ACK_EVERY = 64;
/** … and otherwise within this long, in ms, unless a frame going the same way carries it. */
export const ACK_WITHIN_MS = 1_000;

type Waiting<F> = { readonly frame: F; readonly body: string };
type Newer<F> = Waiting<F> & { readonly older: Newer<F> | null };

/** `F` is what the caller wants back of an unconfirmed frame: the frame itself, as a rule. */
export type Outbox<F> = {
  /** How many reliable frames were sent: the last one's `n`. */
  readonly sent: number;
  /** The last `n` the other end has confirmed. */
  readonly confirmed: number;
  /** The last `n` of the other end that arrived in order. */
  readonly received: number;
  /** The last `received` the other end was told. */
  readonly told: number;
  /** Characters waiting for their confirmation. */
  readonly chars: number;
  // A queue in two halves, so that neither a send nor an ack copies what waits: `front` from `taken` on, oldest first,
  // then the chain that ends in `newest`.
  readonly front: readonly Waiting<F>[];
  readonly taken: number;
  readonly newest: Newer<F> | null;
};

const EMPTY = { sent: 0, confirmed: 0, received: 0, told: 0, chars: 0, front: [], taken: 0, newest: null };

/** A new session's outbox; typed by what it will hold. */
export const emptyOutbox = <F>(): Outbox<F> => EMPTY;

/** What is unconfirmed, oldest first. */
export function unconfirmed<F>(box: Outbox<F>): F[] {
  return rearranged(box).front.map(({ frame }) => frame);
}

/** An object as JSON without the brace that closes it: what an outbox adds its numbers to. */
export const openText = (frame: object): string => JSON.stringify(frame).slice(0, -1);

/**
 * Numbers a reliable frame and keeps it until it is confirmed. `body` is its `openText`, for a caller that has it.
 * @returns the text for the wire, carrying the ack that is due; null where the outbox is full: the session is then lost.
 */
export function send<F extends object>(
  box: Outbox<F>,
  frame: F,
  body: string = openText(frame),
): [Outbox<F>, string | null] {
  if (box.sent - box.confirmed >= OUTBOX_FRAMES || box.chars + body.length > OUTBOX_CHARS) return [box, null];
  const { sent, confirmed, received, told, chars, front, taken, newest } = box;
  const n = sent + 1;
  const next: Outbox<F> = {
    sent: n,
    confirmed,
    received,
    told: received,
    chars: chars + body.length,
    front,
    taken,
    newest: { frame, body, older: newest },
  };
  return [next, stamp(body, n, received > told ? received : 0)];
}

/** The text of a frame that is not numbered (ping, bye, presence, typing), carrying the ack that is due. */
export function sendUnnumbered<F>(box: Outbox<F>, frame: object, body: string = openText(frame)): [Outbox<F>, string] {
  if (box.received === box.told) return [box, `${body}}`];
  return [{ ...box, told: box.received }, stamp(body, 0, box.received)];
}

/** An explicit `ack` of everything received, as text: the answer to a ping, and what `ackDue` asks for. */
export function sendAck<F>(box: Outbox<F>): [Outbox<F>, string] {
  return [{ ...box, told: box.received }, `{"type":"ack","upTo":${String(box.received)}}`];
}

/** Whether an explicit ack must leave `now`; `soon`: within ACK_WITHIN_MS; `no`: the other end knows everything. */
export function ackDue<F>(box: Outbox<F>): 'now' | 'soon' | 'no' {
  const untold = box.received - box.told;
  return untold === 0 ? 'no' : untold < ACK_EVERY ? 'soon' : 'now';
}

/**
 * The other end has confirmed all frames up to `upTo`; older confirmations change nothing.
 * @returns null where it confirms what was never sent.
 */
export function confirm<F>(box: Outbox<F>, upTo: number): Outbox<F> | null {
  if (upTo > box.sent) return null;
  if (upTo <= box.confirmed) return box;
  if (upTo === box.sent) return { ...box, confirmed: upTo, chars: 0, front: [], taken: 0, newest: null };
  const whole = box.front.length - box.taken >= upTo - box.confirmed ? box : rearranged(box);
  const taken = whole.taken + upTo - box.confirmed;
  let { chars } = whole;
  for (const { body } of whole.front.slice(whole.taken, taken)) chars -= body.length;
  return { ...whole, confirmed: upTo, chars, taken };
}

/** A reliable frame `n` of the other end has arrived. Only a `fresh` one may be handled. */
export function receive<F>(box: Outbox<F>, n: number): [Outbox<F>, 'fresh' | 'duplicate' | 'gap'] {
  if (n === box.received + 1) return [{ ...box, received: n }, 'fresh'];
  // Who sends again has not heard the ack: telling it once more lets it stop.
  if (n <= box.received) return [box.told < n ? box : { ...box, told: n - 1 }, 'duplicate'];
  return [box, 'gap'];
}

/** After a resume: the texts of everything unconfirmed, in order, under their old numbers. */
export function resend<F>(box: Outbox<F>): string[] {
  return rearranged(box).front.map(({ body }, i) => stamp(body, box.confirmed + 1 + i, 0));
}

/** Ends an open text with `n` and `ack` (0: none). */
function stamp(body: string, n: number, ack: number): string {
  const number = n === 0 ? '' : `,"n":${String(n)}`;
  const confirmation = ack === 0 ? '' : `,"ack":${String(ack)}`;
  return `${body}${number}${confirmation}}`;
}

/** With all that waits in `front`. */
function rearranged<F>(box: Outbox<F>): Outbox<F> {
  const back: Waiting<F>[] = [];
  for (let at = box.newest; at !== null; at = at.older) back.push(at);
  return { ...box, front: [...box.front.slice(box.taken), ...back.reverse()], taken: 0, newest: null };
}
