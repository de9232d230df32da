const KEY_BYTES = 32;
const IV_BYTES = 12;
const TABLE = 'key';
const ROW = 'store';

type Bytes = Uint8Array<ArrayBuffer>;

/** The key at rest: a copy of the files of the profile shows `sealed`, and a script gets no bytes out of `wrapping`. */
interface KeptKey {
  /** AES-GCM, not extractable (Web Cryptography API, 5.2). */
  readonly wrapping: CryptoKey;
  readonly iv: Bytes;
  readonly sealed: Bytes;
}

/**
 * The key under which the machine's store is encrypted, made at the first call.
 * @param name of the database that keeps it
 * @returns 32 bytes, to be forgotten when the machine has them
 * @throws where the browser keeps nothing: then there is no machine either
 */
export async function storeKey(name: string): Promise<Bytes> {
  const database = await openDatabase(name);
  try {
    const { wrapping, iv, sealed } = (await keptIn(database)) ?? (await keptFirst(database, await newKey()));
    return new Uint8Array(await crypto.subtle.decrypt({ name: 'AES-GCM', iv }, wrapping, sealed));
  } finally {
    database.close();
  }
}

async function newKey(): Promise<KeptKey> {
  const wrapping = await crypto.subtle.generateKey({ name: 'AES-GCM', length: 256 }, false, ['encrypt', 'decrypt']);
  const iv = crypto.getRandomValues(new Uint8Array(IV_BYTES));
  const key = crypto.getRandomValues(new Uint8Array(KEY_BYTES));
  const sealed = new Uint8Array(await crypto.subtle.encrypt({ name: 'AES-GCM', iv }, wrapping, key));
  key.fill(0);
  return { wrapping, iv, sealed };
}

const keptIn = (database: IDBDatabase): Promise<KeptKey | undefined> =>
  answerTo(database.transaction(TABLE).objectStore(TABLE).get(ROW) as IDBRequest<KeptKey | undefined>);

/** @returns what is kept now: another tab may have been first */
async function keptFirst(database: IDBDatabase, made: KeptKey): Promise<KeptKey> {
  const transaction = database.transaction(TABLE, 'readwrite');
  const added = transaction.objectStore(TABLE).add(made, ROW);
  added.onerror = event => event.preventDefault();
  await new Promise<void>((resolve, reject) => {
    transaction.oncomplete = () => resolve();
    transaction.onabort = () => reject(new Error('the key was not kept', { cause: transaction.error }));
  });
  const kept = await keptIn(database);
  if (!kept) throw new Error('the key was not kept');
  return kept;
}

function openDatabase(name: string): Promise<IDBDatabase> {
  const opening = indexedDB.open(name, 1);
  opening.onupgradeneeded = () => opening.result.createObjectStore(TABLE);
  return answerTo(opening);
}

const answerTo = <T>(request: IDBRequest<T>): Promise<T> =>
  new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(new Error('IndexedDB refused', { cause: request.error }));
  });
