import { type RowStore, type RowTypes } from './rows.ts';

/** Rows of a browser that keeps nothing: they live as long as the machine. */
export class MemoryRows implements RowStore {
  readonly #tables = new Map<keyof RowTypes, Map<string, unknown>>();

  async get<T extends keyof RowTypes>(table: T, key: string): Promise<RowTypes[T] | undefined> {
    return this.#table(table).get(key);
  }

  async put<T extends keyof RowTypes>(table: T, key: string, row: RowTypes[T]): Promise<void> {
    this.#table(table).set(key, row);
  }

  async claim<T extends keyof RowTypes>(table: T, key: string, row: RowTypes[T]): Promise<RowTypes[T] | undefined> {
    const known = this.#table(table).get(key);
    if (known === undefined) this.#table(table).set(key, row);
    return known;
  }

  async prove(sessionId: string, from: RowTypes['proof']): Promise<void> {
    this.#table('proof').set(sessionId, from);
    this.#table('unkept').set(sessionId, sessionId);
  }

  async remove(table: keyof RowTypes, key: string): Promise<void> {
    this.#table(table).delete(key);
  }

  async all<T extends keyof RowTypes>(table: T): Promise<RowTypes[T][]> {
    const rows = [...this.#table(table)].sort(([a], [b]) => (a < b ? -1 : 1));
    return rows.map(([, row]) => row);
  }

  async some<T extends keyof RowTypes>(table: T, most: number): Promise<{ rows: RowTypes[T][]; count: number }> {
    const rows = await this.all(table);
    return { rows: rows.slice(0, most), count: rows.length };
  }

  async backUpAll(): Promise<void> {
    for (const sessionId of this.#table('proof').keys()) this.#table('unkept').set(sessionId, sessionId);
  }

  close(): void {
    this.#tables.clear();
  }

  #table<T extends keyof RowTypes>(table: T): Map<string, RowTypes[T]> {
    const rows = this.#tables.get(table) ?? new Map<string, unknown>();
    this.#tables.set(table, rows);
    return rows as Map<string, RowTypes[T]>;
  }
}
