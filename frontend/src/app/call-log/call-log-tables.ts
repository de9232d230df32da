import { type LocalTables } from '../device/local-tables';

/** What the call log keeps on the device. */
export const callLogTables: LocalTables = {
  versions: {
    3: { tables: { calls: 'callId, position' } },
    7: { tables: { callReports: 'callId, at' } },
  },
};
