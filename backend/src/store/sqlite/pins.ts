import { column, text } from './columns.ts';
import type { Database } from './database.ts';

const valueColumn = column('value', text);

function pin(db: Database, name: string, value: string): string {
  db.run`INSERT INTO pin (name, value) VALUES (${name}, ${value}) ON CONFLICT DO NOTHING`;
  return valueColumn(db.get`SELECT value FROM pin WHERE name = ${name}` ?? {});
}

export const pinWrites = { pin };
