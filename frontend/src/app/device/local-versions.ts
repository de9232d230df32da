import { type LocalTables, type LocalVersion } from './local-tables';

/** A version of the whole database: what every feature changes with it. */
export interface DatabaseVersion {
  readonly number: number;
  readonly steps: readonly LocalVersion[];
}

/** The versions of the database in their order, the first of them what the oldest app has made. */
export function versionsOf(features: readonly LocalTables[]): DatabaseVersion[] {
  const steps = features.flatMap(({ versions }) => Object.entries(versions));
  const numbers = [...new Set(steps.map(([number]) => Number(number)))].sort((a, b) => a - b);
  return numbers.map(number => ({
    number,
    steps: steps.flatMap(([of, step]) => (Number(of) === number ? step : [])),
  }));
}

/** Table name → Dexie's schema, as the newest version has them. */
export function schemasOf(features: readonly LocalTables[]): Record<string, string> {
  const tables = versionsOf(features).flatMap(({ steps }) => steps.flatMap(step => Object.entries(step.tables ?? {})));
  const latest = [...new Map(tables)];
  return Object.fromEntries(latest.flatMap(([name, schema]) => (schema === null ? [] : [[name, schema]])));
}
