import type { EndReason } from '#protocol/end-reason';
import type { CallParty, CallRow } from '../store/calls.ts';

/**
 * Ends a call that no registrar holds. A person from whom the call is withheld gets no reason and no time of its end.
 * @param endedAt ms since the epoch
 */
export function lost({ parties }: Pick<CallRow, 'parties'>, endedAt: number): Pick<CallRow, 'state' | 'parties'> {
  const end = (party: CallParty, reason: EndReason): CallParty => ({ ...party, reason, leftAt: endedAt });
  return {
    state: 'ended',
    parties: parties.map(party => {
      if (party.withheld || party.leftAt !== null) return party;
      return end(party, party.joinedAt === null ? 'missed' : 'connection-lost');
    }),
  };
}
