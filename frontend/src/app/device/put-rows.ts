/** Rows by the name of their table. */
export type RowsOf = Readonly<Record<string, readonly object[]>>;

/** What is put in the place of a row that is there, by the name of the table; others are put as they are. */
export type Replacing = Readonly<Record<string, (kept: object | undefined, row: object) => object>>;

/**
 * Writes rows into a database that the page has open, from a worker, which would have to download Dexie once more for it. Each
 * part is one transaction: all of it or nothing.
 * @param name of the database, which must be there
 * @param replacing of tables with keys of their own (`keyPath`)
 * @throws what the browser says where it refuses; the parts before are then stored
 */
export async function putRows(name: string, parts: readonly RowsOf[], replacing: Replacing = {}): Promise<void> {
  if (parts.length === 0) return;
  const database = await opened(name);
  try {
    for (const part of parts) await put(database, part, replacing);
  } finally {
    database.close();
  }
}

function opened(name: string): Promise<IDBDatabase> {
  return new Promise((resolve, reject) => {
    // Without a number it is opened as it is.
    const opening = indexedDB.open(name);
    // It is not there any more: the person has left. Aborted, it is not made either.
    opening.onupgradeneeded = () => opening.transaction?.abort();
    opening.onerror = () => reject(opening.error ?? new Error('the database does not open'));
    opening.onsuccess = () => {
      const database = opening.result;
      // A page that deletes or upgrades the database does not wait for a worker.
      database.onversionchange = () => database.close();
      resolve(database);
    };
  });
}

function put(database: IDBDatabase, part: RowsOf, replacing: Replacing): Promise<void> {
  return new Promise((resolve, reject) => {
    const tables = Object.entries(part).filter(([, rows]) => rows.length > 0);
    if (tables.length === 0) return resolve();
    const transaction = database.transaction(
      tables.map(([table]) => table),
      'readwrite',
    );
    transaction.oncomplete = () => resolve();
    transaction.onabort = () => reject(transaction.error ?? new Error('the transaction was aborted'));
    for (const [table, rows] of tables) {
      const store = transaction.objectStore(table);
      const replace = replacing[table];
      for (const row of rows) {
        if (!replace) store.put(row);
        else {
          const there = store.get(keyIn(store, row)) as IDBRequest<object | undefined>;
          there.onsuccess = () => store.put(replace(there.result, row));
        }
      }
    }
  });
}

function keyIn({ keyPath }: IDBObjectStore, row: object): IDBValidKey {
  const of = (name: string) => (row as Record<string, string | number>)[name] ?? '';
  return Array.isArray(keyPath) ? keyPath.map(of) : of(keyPath ?? '');
}
