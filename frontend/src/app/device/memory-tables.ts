import { type Cut, type IndexValue, type LocalTable, type OpenTables } from './local-tables';

/**
 * Tables that live as long as the page, for a browser that refuses IndexedDB.
 * @param schemas table name → Dexie's schema
 */
export class MemoryTables implements OpenTables {
  readonly #tables: ReadonlyMap<string, MemoryTable<unknown, unknown>>;

  constructor(schemas: Readonly<Record<string, string>>) {
    this.#tables = new Map(Object.entries(schemas).map(([name, schema]) => [name, new MemoryTable(schema)]));
  }

  table<Row, Key = string>(name: string): LocalTable<Row, Key> {
    const table = this.#tables.get(name);
    if (!table) throw new Error(`no table ${name}`);
    return table as LocalTable<unknown, unknown> as LocalTable<Row, Key>;
  }

  async transaction<T>(names: readonly string[], act: () => Promise<T>): Promise<T> {
    const undo = names.map(name => this.#tables.get(name)?.snapshot());
    try {
      return await act();
    } catch (error) {
      undo.forEach(back => back?.());
      throw error;
    }
  }
}

class MemoryTable<Row, Key> implements LocalTable<Row, Key> {
  readonly #primary: string;
  #rows = new Map<string, Row>();

  constructor(schema: string) {
    this.#primary = schema.split(',')[0]?.trim() ?? '';
  }

  snapshot(): () => void {
    const before = new Map(this.#rows);
    return () => void (this.#rows = before);
  }

  async get(key: Key): Promise<Row | undefined> {
    return this.#rows.get(JSON.stringify(key));
  }

  async toArray(): Promise<Row[]> {
    return this.ordered(this.#primary);
  }

  async count(): Promise<number> {
    return this.#rows.size;
  }

  async put(row: Row): Promise<void> {
    this.#rows.set(JSON.stringify(valueOf(row, this.#primary)), row);
  }

  async bulkPut(rows: readonly Row[]): Promise<void> {
    for (const row of rows) await this.put(row);
  }

  async delete(key: Key): Promise<void> {
    this.#rows.delete(JSON.stringify(key));
  }

  async clear(): Promise<void> {
    this.#rows.clear();
  }

  async ordered(index: string, cut?: Cut): Promise<Row[]> {
    return this.#sorted(index, () => true, cut);
  }

  async between(index: string, from: IndexValue, to: IndexValue, cut?: Cut): Promise<Row[]> {
    return this.#sorted(index, value => compare(value, from) >= 0 && compare(value, to) <= 0, cut);
  }

  async deleteBetween(index: string, from: IndexValue, to: IndexValue): Promise<void> {
    for (const row of await this.between(index, from, to)) {
      this.#rows.delete(JSON.stringify(valueOf(row, this.#primary)));
    }
  }

  #sorted(index: string, isWanted: (value: IndexValue) => boolean, cut: Cut = {}): Row[] {
    const { reverse = false, offset = 0, limit = Infinity } = cut;
    const found = [...this.#rows.values()].flatMap(row => {
      const value = valueOf(row, index);
      return value !== undefined && isWanted(value) ? [{ row, value }] : [];
    });
    found.sort((a, b) => compare(a.value, b.value));
    if (reverse) found.reverse();
    return found.slice(offset, offset + limit).map(({ row }) => row);
  }
}

/** `[a+b]` is compound, `a.b` a path (Dexie's schema syntax). */
function valueOf(row: unknown, index: string): IndexValue | undefined {
  const compound = /^\[(.+)\]$/.exec(index)?.[1];
  if (compound === undefined) return at(row, index);
  const parts = compound.split('+').map(path => at(row, path));
  return parts.every(part => part !== undefined) ? parts : undefined;
}

function at(row: unknown, path: string): number | string | undefined {
  const value = path.split('.').reduce<unknown>((inner, key) => {
    return typeof inner === 'object' && inner !== null ? (inner as Record<string, unknown>)[key] : undefined;
  }, row);
  return typeof value === 'number' || typeof value === 'string' ? value : undefined;
}

/** The order of keys (Indexed Database API 3.0, 4.2): numbers before strings, compound ones part by part. */
function compare(a: IndexValue, b: IndexValue): number {
  if (typeof a === 'object' && typeof b === 'object') {
    const differs = a.findIndex((part, i) => compare(part, b[i] ?? -Infinity) !== 0);
    return differs < 0 ? a.length - b.length : compare(a[differs] ?? 0, b[differs] ?? 0);
  }
  if (typeof a !== typeof b) return typeof a === 'number' ? -1 : 1;
  return a < b ? -1 : a > b ? 1 : 0;
}
