import { type LocalTables } from '../device/local-tables';

/** Which devices of this account a person has said to be theirs, on this device. */
export const deviceTables: LocalTables = { versions: { 5: { tables: { confirmedDevices: 'id' } } } };
