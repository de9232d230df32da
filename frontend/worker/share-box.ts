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
/** Somebody may have to sign in first. After that long, ms, it is not the same person's any more, as far as anybody knows. */
const WAITS_MS = 15 * 60_000;

/** Puts a share where the page finds it (IndexedDB: all that a worker and its pages have in common). */
export async function keepShare(share: Share): Promise<void> {
  await inStore('readwrite', store => store.put({ ...share, at: Date.now() }, KEY));
}

/** @returns what was shared a moment ago and is still kept: whoever has to sign in first finds it afterwards */
export async function waitingShare(now = Date.now()): Promise<Share | undefined> {
  const kept: unknown = await inStore('readonly', store => store.get(KEY));
  if (!isShare(kept)) return undefined;
  if (now - kept.at < WAITS_MS) return { text: kept.text, files: kept.files };
  await forgetShare();
  return undefined;
}

/** It was dealt with, or whoever was signed in has left. */
export async function forgetShare(): Promise<void> {
  await inStore('readwrite', store => store.delete(KEY));
}

const isShare = (kept: unknown): kept is Share & { at: number } => {
  if (typeof kept !== 'object' || kept === null || !('text' in kept) || !('files' in kept) || !('at' in kept))
    return false;
  return typeof kept.text === 'string' && Array.isArray(kept.files) && typeof kept.at === 'number';
};

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
