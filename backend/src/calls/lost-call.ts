import type { CallRow } from '../store/calls.ts';

type Lost = Pick<CallRow, 'answeredAt' | 'calleeReason'> & { withheld?: boolean };

/**
 * How a call ends that nobody decides about any more. A callee from whom it is withheld learns nothing by it.
 * @param endedAt ms since the epoch
 */
export const lost = ({ answeredAt, calleeReason, withheld = false }: Lost, endedAt: number) => ({
  ...({ state: 'ended', callerReason: 'connection-lost' } as const),
  calleeReason: withheld ? calleeReason : answeredAt === null ? ('missed' as const) : ('connection-lost' as const),
  endedAt,
});
