import { type LocalTables } from '../account/local-tables';

/** What the call log keeps on the device. */
export const callLogTables: LocalTables = { version: 1, tables: { calls: 'callId, position' } };
