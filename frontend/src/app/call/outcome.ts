import { type Outcome, type OutcomeReason } from '#protocol/call-client-state';
import { type Key } from '../../i18n/words';
import { OUTCOME_WORDS } from '../call-log/call-entries';

/** Ends of a ring that was not answered here: its person was not in the call, so no screen stands in their way. */
const QUIET: ReadonlySet<OutcomeReason> = new Set([
  'missed',
  'cancelled',
  'declined',
  'answered-elsewhere',
  'declined-elsewhere',
  'unavailable',
  'unheard',
]);

/** The call goes on at another device of this person, as the page over which this is said shows. */
const GOES_ON: ReadonlySet<OutcomeReason> = new Set(['moved', 'stayed']);

export const isQuiet = ({ wasOutgoing, connectedAt, reason }: Outcome): boolean =>
  GOES_ON.has(reason) || (!wasOutgoing && connectedAt === null && QUIET.has(reason));

/** They talked, and one of them hung up: there is nothing to read or to do. */
export const isNormalEnd = ({ connectedAt, reason }: Outcome): boolean => connectedAt !== null && reason === 'hung-up';

/** How long the two were connected, in ms. */
export const lastedMs = ({ connectedAt, endedAt }: Outcome): number =>
  connectedAt === null ? 0 : endedAt - connectedAt;

/** What the log has a word for; an end with no entry here has a title of its own. */
const LOGGED = {
  declined: OUTCOME_WORDS.declined,
  cancelled: OUTCOME_WORDS.cancelled,
  'no-answer': OUTCOME_WORDS.unanswered,
  unavailable: OUTCOME_WORDS.unreachable,
  busy: OUTCOME_WORDS.busy,
  'ice-failed': OUTCOME_WORDS.failed,
  'connection-lost': OUTCOME_WORDS.lost,
  'peer-lost': OUTCOME_WORDS.lost,
  missed: 'callLog.one.missed.audio',
} as const satisfies Partial<Record<OutcomeReason, Key>>;

const isLogged = (reason: OutcomeReason): reason is keyof typeof LOGGED => reason in LOGGED;

/** The words for an end: what it was, and what it means for the person who reads it. */
export function outcomeWords(outcome: Outcome): { readonly title: Key; readonly sentence: Key } {
  const { reason } = outcome;
  const unconnected = reason === 'hung-up' && outcome.connectedAt === null;
  return {
    title: isLogged(reason) ? LOGGED[reason] : `call.ended.title.${reason}`,
    sentence: unconnected ? 'call.ended.sentence.hung-up-unconnected' : `call.ended.sentence.${reason}`,
  };
}
