/** Something shared from another app that waits for a person to choose whom to send it to. */
export interface Share {
  /** What is to be sent, with its title and link; '' where only files were shared. */
  readonly text: string;
  /** Names of the files that came with it. */
  readonly files: readonly string[];
}

const DATABASE = 'parley-share';
const STORE = 'share';
/** A later share takes the place of an earlier one. */
const KEY = 'waiting';

/** Puts a share where the page finds it (IndexedDB: all that a worker and its pages have in common). */
export async function keepShare(share: Share): Promise<void> {
  await inStore('readwrite', store => store.put(share, KEY));
}

/** @returns what was shared last and is still kept: whoever has to sign in first finds it afterwards */
export async function waitingShare(): Promise<Share | undefined> {
  const kept: unknown = await inStore('readonly', store => store.get(KEY));
  return isShare(kept) ? kept : undefined;
}

/** It was dealt with. */
export async function forgetShare(): Promise<void> {
  await inStore('readwrite', store => store.delete(KEY));
}

const isShare = (kept: unknown): kept is Share =>
  typeof kept === 'object' && kept !== null && 'text' in kept && typeof kept.text === 'string' && 'files' in kept;

async function inStore(mode: IDBTransactionMode, act: (store: IDBObjectStore) => IDBRequest): Promise<unknown> {
  const opening = indexedDB.open(DATABASE, 1);
  opening.onupgradeneeded = () => opening.result.createObjectStore(STORE);
  const database = await answerTo(opening);
  try {
    return await answerTo(act(database.transaction(STORE, mode).objectStore(STORE)));
  } finally {
    database.close();
  }
}

const answerTo = <T>(request: IDBRequest<T>): Promise<T> =>
  new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(new Error('IndexedDB does not answer', { cause: request.error }));
  });
