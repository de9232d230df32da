import * as z from 'zod/mini';
import { me, secret } from '#protocol/api/account';
import { deviceId, uuid } from '#protocol/ids';
import { answerTo } from '../device/indexed-db';

/**
 * What this browser profile keeps of who signed in: enough to refresh, and to open the app with no server there. `epoch`
 * is the store's that this device was let in by, or has met since.
 */
const identity = z.object({
  installationId: uuid,
  deviceId,
  deviceSecret: secret,
  me,
  epoch: z.optional(z.string()),
  /** Comes from the password, and stays until the secrets of this person were made or opened with it: it cannot be exported. */
  wrappingKey: z.optional(z.custom<CryptoKey>(key => key instanceof CryptoKey)),
  /** The device that this one has taken the place of, until it is off the signed list: its id, and its keys as a proof names them. */
  replaces: z.optional(z.object({ deviceId, keys: z.optional(z.string()) })),
});
export type Identity = z.infer<typeof identity>;

/**
 * What proves, at the next sign-in, that this device was let in before. `keeps` names a database that was left, for its
 * owner to come back to; `keys` is how the names of the databases with this device's keys begin, which were left as well;
 * `isLost`: they do not open any more, so that nobody is to be this device again.
 */
const proof = z.object({
  deviceId,
  deviceSecret: secret,
  username: me.shape.username,
  keeps: z.optional(z.string()),
  keys: z.optional(z.string()),
  isLost: z.optional(z.boolean()),
});
export type Proof = z.infer<typeof proof>;

const DATABASE = 'parley';
const STORE = 'identity';
const LAST = 'last';
const PROOF = 'proof';

function opened(): Promise<IDBDatabase> {
  const request = indexedDB.open(DATABASE, 1);
  request.onupgradeneeded = () => request.result.createObjectStore(STORE);
  return answerTo(request);
}

async function inStore<T>(mode: IDBTransactionMode, act: (store: IDBObjectStore) => IDBRequest<T>): Promise<T> {
  const database = await opened();
  try {
    return await answerTo(act(database.transaction(STORE, mode).objectStore(STORE)));
  } finally {
    database.close();
  }
}

/**
 * The last identity of this browser profile, or undefined. Bare IndexedDB: the sign-in page must not download a
 * database library for one row.
 */
export async function loadIdentity(): Promise<Identity | undefined> {
  const row: unknown = await inStore<unknown>('readonly', store => store.get(LAST));
  return identity.safeParse(row).data;
}

export async function saveIdentity(last: Identity): Promise<void> {
  await inStore('readwrite', store => store.put(last, LAST));
}

/** Forgets the person; the device keeps only its proof, which names nobody but the account that it opens. */
export async function forgetIdentity(kept?: Proof): Promise<void> {
  await inStore('readwrite', store => store.delete(LAST));
  if (kept) await inStore('readwrite', store => store.put(kept, PROOF));
  else await inStore('readwrite', store => store.delete(PROOF));
}

export async function loadProof(): Promise<Proof | undefined> {
  const row: unknown = await inStore<unknown>('readonly', store => store.get(PROOF));
  return proof.safeParse(row).data;
}
