import type { LocalTables } from '../account/local-tables';

/** What contacts keep on the device. */
export const contactTables: LocalTables = { version: 1, tables: { contacts: 'person.id' } };
