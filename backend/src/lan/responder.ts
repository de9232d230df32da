/** What is known of an address record: who names it, and for how many seconds it may be kept. */
export type AddressRecord = { readonly type: 'A' | 'AAAA'; readonly address: string; readonly ttl: number };

/** Seconds an address may be kept (RFC 6762, 10), and by somebody who asks in the old way (6.7). */
export const TTL = 120;
export const LEGACY_TTL = 10;

const PROBES = 3;
const PROBE_MS = 250;
const ANNOUNCE_MS = 1_000;
const YIELD_MS = 60_000;
/** Most answers to legacy queries (RFC 6762, 6.7) in a second; each goes to its asker alone. */
const MOST_REPLIES = 20;

/**
 * The name on one link.
 * ```
 *   probing ── three probes, no objection ──► answering ── somebody else answers for it ──► probing
 *      └── somebody else holds it ──► yielded ── a minute ──► probing
 * ```
 */
export type Responder =
  | { readonly phase: 'probing'; readonly sent: number }
  | { readonly phase: 'answering'; readonly announced: number; readonly saidAt: number; readonly replies: Replies }
  | { readonly phase: 'yielded' };

type Replies = { readonly since: number; readonly count: number };

export type AddressType = AddressRecord['type'];

/** All of it is about our name; other packets do not come here. `at` in ms of a clock that never goes back. */
export type ResponderEvent =
  | { type: 'woken'; at: number }
  | { type: 'addresses-changed' }
  | { type: 'asked'; at: number; wants: readonly AddressType[]; known: readonly AddressRecord[]; isLegacy: boolean }
  | { type: 'probed'; at: number; claims: readonly string[] }
  | { type: 'heard'; answers: readonly AddressRecord[] };

export type ResponderEffect =
  | { type: 'wake'; inMs: number }
  | { type: 'probe' }
  /** To everybody on the link. `wants`: what was asked for comes first, the rest beside it. */
  | { type: 'announce'; wants: readonly AddressType[] }
  | { type: 'reply'; wants: readonly AddressType[] }
  | { type: 'yield'; to: string };

/** The addresses that are ours: `told` on this link, `all` on any, which our other sockets tell. */
export type Ours = { readonly told: readonly string[]; readonly all: readonly string[] };

const BOTH = ['A', 'AAAA'] as const;
const NEVER = -Infinity;

export const begin: [Responder, ResponderEffect[]] = [{ phase: 'probing', sent: 0 }, [{ type: 'wake', inMs: 0 }]];

/** Decides what is said on a link (RFC 6762, sections 6 to 9). */
export function afterEvent(state: Responder, event: ResponderEvent, ours: Ours): [Responder, ResponderEffect[]] {
  switch (event.type) {
    case 'woken':
      return woken(state, event.at);
    case 'addresses-changed':
      if (state.phase !== 'answering') return [state, []];
      return [{ ...state, announced: 0, saidAt: NEVER }, [{ type: 'wake', inMs: 0 }]];
    case 'asked':
      return asked(state, event, ours);
    case 'probed':
      return probed(state, event, ours);
    case 'heard':
      return heard(state, event.answers, ours);
  }
}

function woken(state: Responder, at: number): [Responder, ResponderEffect[]] {
  switch (state.phase) {
    case 'yielded':
      return begin;
    case 'probing': {
      const { sent } = state;
      if (sent < PROBES) return [{ phase: 'probing', sent: sent + 1 }, [{ type: 'probe' }, wakeIn(PROBE_MS)]];
      const replies = { since: at, count: 0 };
      return [{ phase: 'answering', announced: 1, saidAt: at, replies }, [announcement, wakeIn(ANNOUNCE_MS)]];
    }
    case 'answering': {
      const announced = state.announced + 1;
      if (announced > 2) return [state, []];
      const next = { ...state, announced, saidAt: at };
      return [next, [announcement, ...(announced < 2 ? [wakeIn(ANNOUNCE_MS)] : [])]];
    }
  }
}

const announcement: ResponderEffect = { type: 'announce', wants: BOTH };
const wakeIn = (inMs: number): ResponderEffect => ({ type: 'wake', inMs });

function asked(
  state: Responder,
  { at, wants, known, isLegacy }: Extract<ResponderEvent, { type: 'asked' }>,
  { told }: Ours,
): [Responder, ResponderEffect[]] {
  if (state.phase !== 'answering') return [state, []];
  if (isLegacy) return reply(state, at, wants);
  // Who asks and says what it knows already wants to hear the rest alone (7.1).
  const isKnown = (address: string) => known.some(record => record.address === address && record.ttl >= TTL / 2);
  if (told.every(isKnown) || at - state.saidAt < ANNOUNCE_MS) return [state, []];
  return [{ ...state, saidAt: at }, [{ type: 'announce', wants }]];
}

function reply(
  state: Extract<Responder, { phase: 'answering' }>,
  at: number,
  wants: readonly AddressType[],
): [Responder, ResponderEffect[]] {
  const isNew = at - state.replies.since >= 1_000;
  const replies = isNew ? { since: at, count: 1 } : { ...state.replies, count: state.replies.count + 1 };
  return [{ ...state, replies }, replies.count > MOST_REPLIES ? [] : [{ type: 'reply', wants }]];
}

/** Somebody else wants the name. Who holds it says so; of two who both begin, the one with the smaller addresses yields (8.2). */
function probed(
  state: Responder,
  { at, claims }: Extract<ResponderEvent, { type: 'probed' }>,
  { told, all }: Ours,
): [Responder, ResponderEffect[]] {
  const other = claims.find(address => !all.includes(address));
  if (other === undefined) return [state, []];
  if (state.phase === 'answering' && at - state.saidAt >= PROBE_MS) return [{ ...state, saidAt: at }, [announcement]];
  if (state.phase !== 'probing' || [...told].sort().join() > [...claims].sort().join()) return [state, []];
  return yieldTo(other);
}

function heard(state: Responder, answers: readonly AddressRecord[], { all }: Ours): [Responder, ResponderEffect[]] {
  // A time of zero is a goodbye (10.1).
  const other = answers.find(({ address, ttl }) => ttl > 0 && !all.includes(address));
  if (other === undefined || state.phase === 'yielded') return [state, []];
  // It may be an echo of what we were: who really holds the name will object to a probe (9).
  return state.phase === 'answering' ? begin : yieldTo(other.address);
}

const yieldTo = (to: string): [Responder, ResponderEffect[]] => [
  { phase: 'yielded' },
  [{ type: 'yield', to }, wakeIn(YIELD_MS)],
];
