import type { EndReason } from '#protocol/end-reason';
import type { CallParty, CallRow } from '../store/calls.ts';

/**
 * How a call ends that nobody decides about any more. From whom it is withheld learns nothing by it.
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
