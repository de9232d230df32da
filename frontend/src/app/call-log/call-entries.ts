import { type CallEntry } from '#protocol/api/calls';
import { type EndReason } from '#protocol/end-reason';

/** Somebody called, and this user did not come to it. */
export const isMissed = ({ direction, answeredAt, reason }: CallEntry): boolean =>
  direction === 'incoming' && answeredAt === undefined && reason !== undefined && MISSED.has(reason);

const MISSED = new Set<EndReason>(['missed', 'cancelled', 'unavailable', 'busy', 'connection-lost', 'peer-lost']);

/** How a call is told of in one phrase; each is a text under `calls.outcome`. */
export type CallOutcome =
  'missed' | 'declined' | 'unanswered' | 'busy' | 'cancelled' | 'failed' | 'incoming' | 'outgoing';

/** What became of a call, as its list and its conversation say it. */
export function outcomeOf(entry: CallEntry): CallOutcome {
  if (isMissed(entry)) return 'missed';
  if (entry.answeredAt !== undefined || entry.reason === undefined) return entry.direction;
  switch (entry.reason) {
    case 'declined':
    case 'declined-elsewhere':
      return 'declined';
    case 'no-answer':
    case 'unavailable':
    case 'missed':
      return 'unanswered';
    case 'busy':
    case 'already-in-call':
      return 'busy';
    case 'cancelled':
      return 'cancelled';
    case 'ice-failed':
    case 'connection-lost':
    case 'peer-lost':
      return 'failed';
    case 'answered-elsewhere':
    case 'hung-up':
    case 'moved':
      return entry.direction;
  }
}

/** How long they talked, ms; undefined where they did not, or still do. */
export const talkedMs = ({ answeredAt, endedAt }: CallEntry): number | undefined =>
  answeredAt === undefined || endedAt === undefined ? undefined : Math.max(0, endedAt - answeredAt);

/** Entries with newer ones merged in, newest first: the same call is kept once, as it was told last. */
export function mergedEntries(kept: readonly CallEntry[], told: readonly CallEntry[]): CallEntry[] {
  const byCall = new Map([...kept, ...told].map(entry => [entry.callId, entry] as const));
  return [...byCall.values()].sort((a, b) => b.position - a.position);
}
