import { type Outcome, type OutcomeReason } from '#protocol/call-client-state';
import { type Key } from '../../i18n/words';

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

export const isQuiet = ({ wasOutgoing, connectedAt, reason }: Outcome): boolean =>
  !wasOutgoing && connectedAt === null && QUIET.has(reason);

/** How long the two were connected, in ms. */
export const lastedMs = ({ connectedAt, endedAt }: Outcome): number =>
  connectedAt === null ? 0 : endedAt - connectedAt;

/** The words for an end: what it was, and what it means for the person who reads it. */
export function outcomeWords(outcome: Outcome): { readonly title: Key; readonly sentence: Key } {
  const { reason } = outcome;
  const unconnected = reason === 'hung-up' && outcome.connectedAt === null;
  return {
    title: `call.ended.title.${reason}`,
    sentence: unconnected ? 'call.ended.sentence.hung-up-unconnected' : `call.ended.sentence.${reason}`,
  };
}
