import { type CallEntry } from '#protocol/api/calls';
import { type EndReason } from '#protocol/end-reason';
import { type Key } from '../../i18n/words';

/** Somebody called, and this user did not come to it. */
export const isMissed = ({ direction, answeredAt, reason }: CallEntry): boolean =>
  direction === 'incoming' && answeredAt === undefined && reason !== undefined && MISSED.has(reason);

const MISSED = new Set<EndReason>(['missed', 'cancelled', 'unavailable', 'busy', 'connection-lost', 'peer-lost']);

/** What became of a call, in one word; all but `talked` are said by `OUTCOME_WORDS`. */
export type CallOutcome =
  'talked' | 'missed' | 'declined' | 'unanswered' | 'unreachable' | 'busy' | 'cancelled' | 'failed' | 'lost';

/** How a call that nobody talked in is told to whoever placed it: the same words in the log, in chats and on the stage. */
const UNTALKED: Readonly<Record<EndReason, CallOutcome>> = {
  declined: 'declined',
  'declined-elsewhere': 'declined',
  'no-answer': 'unanswered',
  missed: 'unanswered',
  unavailable: 'unreachable',
  busy: 'busy',
  'already-in-call': 'busy',
  cancelled: 'cancelled',
  'ice-failed': 'failed',
  'connection-lost': 'lost',
  'peer-lost': 'lost',
  'answered-elsewhere': 'talked',
  'hung-up': 'talked',
  moved: 'talked',
};

/** The text of each outcome; `name` is whoever was called. */
export const OUTCOME_WORDS = {
  declined: 'callLog.outcome.declined',
  unanswered: 'callLog.outcome.unanswered',
  unreachable: 'callLog.outcome.unreachable',
  busy: 'callLog.outcome.busy',
  cancelled: 'callLog.outcome.cancelled',
  failed: 'callLog.outcome.failed',
  lost: 'callLog.outcome.lost',
} as const satisfies Partial<Record<CallOutcome, Key>>;

/** What became of a call, as its list and its conversation say it. */
export function outcomeOf(entry: CallEntry): CallOutcome {
  if (isMissed(entry)) return 'missed';
  return entry.answeredAt !== undefined || entry.reason === undefined ? 'talked' : UNTALKED[entry.reason];
}

/** How long this user talked, ms, from when somebody else was there too; undefined where they did not, or still do. */
export const talkedMs = ({ answeredAt, joinedAt, leftAt }: CallEntry): number | undefined =>
  answeredAt === undefined || joinedAt === undefined || leftAt === undefined
    ? undefined
    : Math.max(0, leftAt - Math.max(answeredAt, joinedAt));

/** Entries with newer ones merged in, newest first: the same call is kept once, as it was told last. */
export function mergedEntries(kept: readonly CallEntry[], told: readonly CallEntry[]): CallEntry[] {
  const byCall = new Map([...kept, ...told].map(entry => [entry.callId, entry] as const));
  return [...byCall.values()].sort((a, b) => b.position - a.position);
}
