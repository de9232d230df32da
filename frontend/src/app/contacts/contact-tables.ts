import type { LocalTables } from '../account/local-tables';

/** What contacts keep on the device. */
export const contactTables: LocalTables = {
  version: 2,
  // Of each person one picture, the latest seen: the browser's own cache would outlive the session.
  tables: { contacts: 'person.id', pictures: 'userId' },
};
