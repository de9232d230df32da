import { type Collection, Dexie, type Table, type Transaction } from 'dexie';
import { type Cut, type IndexValue, type LocalTable, type LocalVersion, type OpenTables } from './local-tables';
import { type DatabaseVersion } from './local-versions';
import { answered } from './storage-state';

/** Dexie counts in tens of what IndexedDB counts, so that versions between two can be had. */
const NATIVE = 10;

/** The database was made by a newer version of the app, whose rows this one may misread. Named as IndexedDB names it. */
export const NEWER = 'VersionError';

/** The tables of one person in IndexedDB. */
export class DexieTables implements OpenTables {
  readonly #dexie: Dexie;
  /**
   * Settles when it is open, and one of an older version was brought to the newest.
   * Rejects with what the browser says, that it does not answer (device/storage-state.ts), or a DOMException called `NEWER`.
   */
  readonly opened: Promise<void>;

  /** @param versions in their order */
  constructor(name: string, versions: readonly DatabaseVersion[]) {
    this.#dexie = new Dexie(name);
    let begins: () => void = () => undefined;
    const upgrading = new Promise<void>(resolve => (begins = resolve));
    for (const { number, steps } of versions) {
      const tables = Object.assign({}, ...steps.map(step => step.tables)) as Record<string, string | null>;
      const upgrade = async (transaction: Transaction): Promise<void> => {
        begins();
        await upgraded(steps, transaction);
      };
      this.#dexie.version(number).stores(tables).upgrade(upgrade);
    }
    this.opened = this.#opened(upgrading, versions.at(-1)?.number ?? 0);
  }

  async #opened(upgrading: Promise<void>, newest: number): Promise<void> {
    const opening = this.#dexie.open();
    // Many rows take their time to be rewritten: only a browser that does not even begin has refused.
    await answered(Promise.race([opening, upgrading]));
    await opening;
    if (Math.floor(this.#dexie.backendDB().version / NATIVE) <= newest) return;
    // Dexie opens what is newer as if nothing had changed.
    this.close();
    throw new DOMException('a newer app has made this database', NEWER);
  }

  table<Row, Key = string>(name: string): LocalTable<Row, Key> {
    return new DexieTable(this.#dexie.table<Row, Key>(name));
  }

  transaction<T>(tables: readonly string[], act: () => Promise<T>): Promise<T> {
    return this.#dexie.transaction('rw', [...tables], act);
  }

  close(): void {
    this.#dexie.close();
  }
}

async function upgraded(steps: readonly LocalVersion[], transaction: Transaction): Promise<void> {
  for (const { upgrade } of steps) {
    await upgrade?.((table, change) =>
      transaction
        .table<unknown>(table)
        .toCollection()
        .modify((row, place) => void (place.value = change(row))),
    );
  }
}

class DexieTable<Row, Key> implements LocalTable<Row, Key> {
  readonly #table: Table<Row, Key>;

  constructor(table: Table<Row, Key>) {
    this.#table = table;
  }

  get(key: Key): Promise<Row | undefined> {
    return this.#table.get(key);
  }

  toArray(): Promise<Row[]> {
    return this.#table.toArray();
  }

  count(): Promise<number> {
    return this.#table.count();
  }

  put(row: Row): Promise<unknown> {
    return this.#table.put(row);
  }

  bulkPut(rows: readonly Row[]): Promise<unknown> {
    return this.#table.bulkPut(rows);
  }

  delete(key: Key): Promise<unknown> {
    return this.#table.delete(key);
  }

  clear(): Promise<unknown> {
    return this.#table.clear();
  }

  ordered(index: string, cut?: Cut): Promise<Row[]> {
    return cutOf(this.#table.orderBy(index), cut).toArray();
  }

  between(index: string, from: IndexValue, to: IndexValue, cut?: Cut): Promise<Row[]> {
    return cutOf(this.#table.where(index).between(from, to, true, true), cut).toArray();
  }

  deleteBetween(index: string, from: IndexValue, to: IndexValue): Promise<unknown> {
    return this.#table.where(index).between(from, to, true, true).delete();
  }
}

function cutOf<Row, Key>(rows: Collection<Row, Key>, { reverse, offset, limit }: Cut = {}): Collection<Row, Key> {
  const turned = reverse ? rows.reverse() : rows;
  const after = offset === undefined ? turned : turned.offset(offset);
  return limit === undefined ? after : after.limit(limit);
}
