import type { LocalTables } from '../account/local-tables';

/** Which devices of this account a person has said to be theirs, on this device. */
export const deviceTables: LocalTables = { version: 1, tables: { confirmedDevices: 'id' } };
