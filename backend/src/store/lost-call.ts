/**
 * How a call ends that nobody decides about any more.
 * @param endedAt ms since the epoch
 */
export const lost = ({ answeredAt }: { answeredAt: number | null }, endedAt: number) => ({
  ...({ state: 'ended', callerReason: 'connection-lost' } as const),
  calleeReason: answeredAt === null ? ('missed' as const) : ('connection-lost' as const),
  endedAt,
});
