import { directConversationId } from '../../chat/direct-conversation.ts';
import { idText } from './columns.ts';
import type { Database } from './database.ts';
import { StoreError } from '../store-error.ts';
import { SCHEMA_1 } from './schema-1.ts';
import { SCHEMA_2 } from './schema-2.ts';
import { SCHEMA_3 } from './schema-3.ts';
import { SCHEMA_4 } from './schema-4.ts';
import { SCHEMA_5 } from './schema-5.ts';
import { SCHEMA_6 } from './schema-6.ts';
import { SCHEMA_7 } from './schema-7.ts';
import { SCHEMA_8 } from './schema-8.ts';
import { SCHEMA_9 } from './schema-9.ts';
import { SCHEMA_10 } from './schema-10.ts';

/** `application_id` of Parley's files: "PRLY" in ASCII (https://sqlite.org/pragma.html#pragma_application_id). */
const APPLICATION_ID = 0x50524c59;

/** Each brings a database from the version of its index to the next one. Never changed once released, only added to. */
export const MIGRATIONS: readonly string[] = [
  SCHEMA_1,
  SCHEMA_2,
  SCHEMA_3,
  SCHEMA_4,
  SCHEMA_5,
  SCHEMA_6,
  SCHEMA_7,
  SCHEMA_8,
  SCHEMA_9,
  SCHEMA_10,
];

/**
 * Brings the tables up to date, each step whole or not at all.
 * @throws StoreError `newer-database`, or `not-a-database` where the file is some other program's.
 */
export function migrate(db: Database, migrations: readonly string[] = MIGRATIONS): void {
  const version = Number(db.pragma('user_version'));
  const owner = Number(db.pragma('application_id'));
  const empty = !db.has`SELECT 1 FROM sqlite_schema`;
  if (owner !== APPLICATION_ID && !(owner === 0 && version === 0 && empty)) {
    throw new StoreError('not-a-database', 'The database belongs to another program.');
  }
  if (version > migrations.length) {
    throw new StoreError(
      'newer-database',
      'The database was written by a newer Parley. Start that version, or a later one.',
    );
  }
  db.define('directConversation', (a, b) => directConversationId(idText(a), idText(b)));
  migrations.slice(version).forEach((step, index) => {
    db.transaction('write', () => {
      db.exec(step);
      db.exec(`PRAGMA application_id = ${APPLICATION_ID}; PRAGMA user_version = ${version + index + 1}`);
    });
  });
}

/**
 * For whoever must not change the tables: they are those of this version.
 * @throws StoreError `not-a-database`, `newer-database` or `older-database`
 */
export function expectCurrent(db: Database): void {
  if (Number(db.pragma('application_id')) !== APPLICATION_ID) {
    throw new StoreError('not-a-database', 'The database belongs to another program.');
  }
  const version = Number(db.pragma('user_version'));
  if (version === MIGRATIONS.length) return;
  const [fault, whose] = version > MIGRATIONS.length ? (['newer-database', 'a newer'] as const) : OLDER;
  throw new StoreError(fault, `The database was written by ${whose} Parley. Use that version, or start this one once.`);
}
const OLDER = ['older-database', 'an older'] as const;
