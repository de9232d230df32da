import { type LocalTables, type Rewrite } from '../device/local-tables';

/** What the call log keeps on the device. */
export const callLogTables: LocalTables = {
  versions: {
    3: { tables: { calls: 'callId, position' } },
    7: { tables: { callReports: 'callId, at' } },
    8: { upgrade: ofSeveralPeople },
  },
};

/** An entry named one other person, and when the call ended for both. */
interface EntryOfTwo {
  readonly direction: 'incoming' | 'outgoing';
  readonly peer: object;
  readonly at: number;
  readonly answeredAt?: number;
  readonly endedAt?: number;
}

function ofSeveralPeople(rewrite: Rewrite): Promise<unknown> {
  return rewrite('calls', row => {
    const { peer, endedAt, ...entry } = row as EntryOfTwo;
    const joinedAt = entry.direction === 'outgoing' ? entry.at : entry.answeredAt;
    return {
      ...entry,
      others: [peer],
      ...(joinedAt === undefined ? {} : { joinedAt }),
      ...(endedAt === undefined ? {} : { leftAt: endedAt }),
    };
  });
}
