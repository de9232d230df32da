import type { Page } from 'playwright-core';

/** What a person wrote, or what names them: a label for messages, and the text that is searched for. */
export type Words = Readonly<Record<string, string>>;

/**
 * Walks every storage that the page's origin has in this browser and searches each for words, as a script could that runs
 * there later: keys as well as values, bodies as well as addresses.
 * @param asked paths of answers that the http cache must not have (`only-if-cached`): a picture tells of a person without a word
 * @returns `place: label` for each word found, and `http cache: path`
 */
export async function tracesOf(page: Page, asked: Iterable<string>, words: Words): Promise<string[]> {
  const { texts, cached } = await page.evaluate(seenInPage, { asked: [...asked], words: Object.values(words) });
  const cookies = await page.context().cookies();
  texts['cookies'] = cookies.map(({ name, value }) => `${name}=${value}`);
  const labels = Object.entries(words);
  const withWords = Object.entries(texts).flatMap(([place, all]) =>
    labels.filter(([, word]) => all.some(text => text.includes(word))).map(([label]) => `${place}: ${label}`),
  );
  return [...withWords, ...cached.map(path => `http cache: ${path}`)];
}

/** Runs in the page. @returns by place every text in which one of the words stands, and what the http cache answered */
async function seenInPage({ asked, words }: { asked: string[]; words: string[] }) {
  const texts: Record<string, string[]> = {};
  const cached: string[] = [];
  const look = (place: string, text: string) => {
    const kept = (texts[place] ??= []);
    if (words.some(word => text.includes(word))) kept.push(text);
  };
  const answerTo = <T>(request: IDBRequest<T>): Promise<T> =>
    new Promise((resolve, reject) => {
      request.onsuccess = () => resolve(request.result);
      request.onerror = () => reject(new Error('IndexedDB refused', { cause: request.error }));
    });
  /** Everything that a structured clone can hold and in which words can lie. */
  const written = async (value: unknown): Promise<string> => {
    if (value instanceof Blob) return `${value instanceof File ? value.name : ''} ${await value.text()}`;
    if (value instanceof ArrayBuffer || ArrayBuffer.isView(value)) return new TextDecoder().decode(value);
    if (value instanceof Map || value instanceof Set) return written([...value]);
    if (typeof value !== 'object' || value === null) return String(value);
    const parts = Object.entries(value).map(async ([key, of]) => `${key}=${await written(of)}`);
    return (await Promise.all(parts)).join(' ');
  };
  const database = async (name: string) => {
    look('databases', name);
    const opened = await answerTo(indexedDB.open(name));
    for (const store of opened.objectStoreNames) {
      const rows = opened.transaction(store).objectStore(store);
      const [keys, values] = await Promise.all([
        answerTo(rows.getAllKeys()),
        answerTo(rows.getAll() as IDBRequest<unknown[]>),
      ]);
      for (const one of [...keys, ...values]) look('databases', await written(one));
    }
    opened.close();
  };
  const folder = async (root: FileSystemDirectoryHandle): Promise<void> => {
    for await (const [name, entry] of root.entries()) {
      look('files', name);
      if (entry instanceof FileSystemDirectoryHandle) await folder(entry);
      else if (entry instanceof FileSystemFileHandle) look('files', await (await entry.getFile()).text());
    }
  };
  const cache = async (name: string) => {
    const opened = await caches.open(name);
    for (const request of await opened.keys())
      look('caches', `${name} ${request.url} ${(await (await opened.match(request))?.text()) ?? ''}`);
  };

  for (const { name = '' } of await indexedDB.databases()) await database(name);
  for (const name of await caches.keys()) await cache(name);
  await folder(await navigator.storage.getDirectory());
  for (const [place, storage] of Object.entries({ localStorage, sessionStorage })) {
    for (const [key, value] of Object.entries(storage)) look(place, `${key}=${value}`);
  }
  for (const path of asked) {
    const answer = await fetch(path, { cache: 'only-if-cached', mode: 'same-origin' }).catch(() => undefined);
    if (answer?.ok) cached.push(path);
  }
  const worker = await navigator.serviceWorker.getRegistration();
  for (const { title, body, tag, data } of (await worker?.getNotifications()) ?? []) {
    look('notifications', `${title} ${body} ${tag} ${JSON.stringify(data)}`);
  }
  look('push subscription', JSON.stringify(await worker?.pushManager.getSubscription()));
  return { texts, cached };
}
