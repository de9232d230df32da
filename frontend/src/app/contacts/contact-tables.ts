import { type LocalTables } from '../device/local-tables';

/** What contacts keep on the device. */
export const contactTables: LocalTables = {
  versions: {
    3: { tables: { contacts: 'person.id' } },
    // Of each person one picture, the latest seen: the browser's own cache would outlive the session.
    5: { tables: { pictures: 'userId' } },
  },
};
