import { random, utf8, type Bytes } from '../../../crypto/bytes.ts';
import { open, seal } from '../../../crypto/sealed-box.ts';
import { StoreClosed } from '../../../crypto/store-fault.ts';
import { answerTo } from './indexed-db';

export const STORE_KEY_BYTES = 32;
const TABLE = 'key';
const ROW = 'store';
/** What the box of the key belongs to. */
const BOUND = utf8('parley store key v1');

/** The key at rest: a copy of the files of the profile shows `sealed`, and a script gets no bytes out of `wrapping`. */
interface KeptKey {
  /** AES-GCM, not extractable (Web Cryptography API, 5.2). */
  readonly wrapping: CryptoKey;
  readonly sealed: Bytes;
}

/**
 * The key under which the machine's store is encrypted, made at the first call.
 * @param name of the database that keeps it
 * @returns 32 bytes, to be forgotten when the machine has them
 * @throws where the browser keeps nothing, or has changed what it kept ({@link StoreClosed}): then there is no machine either
 */
export async function storeKey(name: string): Promise<Bytes> {
  const database = await openDatabase(name);
  try {
    const { wrapping, sealed } = (await keptIn(database)) ?? (await keptFirst(database, await newKey()));
    const opened = await open(wrapping, sealed, BOUND);
    if (!opened.ok) throw new StoreClosed('lost', opened.error);
    return opened.value;
  } finally {
    database.close();
  }
}

async function newKey(): Promise<KeptKey> {
  const wrapping = await crypto.subtle.generateKey({ name: 'AES-GCM', length: 256 }, false, ['encrypt', 'decrypt']);
  const key = random(STORE_KEY_BYTES);
  const sealed = await seal(wrapping, key, BOUND);
  key.fill(0);
  return { wrapping, sealed };
}

const keptIn = (database: IDBDatabase): Promise<KeptKey | undefined> =>
  answerTo(database.transaction(TABLE).objectStore(TABLE).get(ROW) as IDBRequest<KeptKey | undefined>);

/** Keeps a key where there is none, in one transaction. @returns what is kept now: another tab may have been first */
async function keptFirst(database: IDBDatabase, made: KeptKey): Promise<KeptKey> {
  const transaction = database.transaction(TABLE, 'readwrite');
  const table = transaction.objectStore(TABLE);
  const first = await answerTo(table.get(ROW) as IDBRequest<KeptKey | undefined>);
  if (first) return first;
  table.put(made, ROW);
  await new Promise<void>((resolve, reject) => {
    transaction.oncomplete = () => resolve();
    transaction.onabort = () => reject(new Error('the key was not kept', { cause: transaction.error }));
  });
  return made;
}

function openDatabase(name: string): Promise<IDBDatabase> {
  const opening = indexedDB.open(name, 1);
  opening.onupgradeneeded = () => opening.result.createObjectStore(TABLE);
  return answerTo(opening);
}
