import { forgetPerson, keepUnsentOnly } from './kept-data';
import {
  OF_DEVICE,
  forgetRememberedOfPerson,
  remember,
  remembered,
  rememberedByTab,
  rememberInTab,
} from './remembered';

describe('what a device keeps', () => {
  const NAME = `parley-spec-${crypto.randomUUID()}`;
  const databases = async () => (await indexedDB.databases()).map(({ name }) => name);
  const opened = (name: string, fill: (database: IDBDatabase) => void) =>
    new Promise<void>(resolve => {
      const opening = indexedDB.open(name, 1);
      opening.onupgradeneeded = () => fill(opening.result);
      opening.onsuccess = () => {
        opening.result.close();
        resolve();
      };
    });
  const rowsOf = (store: string) =>
    new Promise<unknown[]>(resolve => {
      const opening = indexedDB.open(NAME);
      opening.onsuccess = () => {
        const rows = opening.result.transaction(store).objectStore(store).getAll();
        rows.onsuccess = () => {
          opening.result.close();
          resolve(rows.result as unknown[]);
        };
      };
    });
  const person = () =>
    opened(NAME, database => {
      database.createObjectStore('messages', { keyPath: 'id' }).put({ id: 'from the server' });
      database.createObjectStore('posts', { keyPath: 'id' });
      const facts = database.createObjectStore('facts', { keyPath: 'name' });
      facts.put({ name: 'epoch' });
    });
  const UNSENT = { posts: 'all', facts: ['sent'] } as const;
  afterEach(() => indexedDB.deleteDatabase(NAME));

  it('of a person goes from every place, and the device keeps its own', async () => {
    const ofPerson = [
      'parley.quiet',
      'parley.code-owed',
      'parley.shut-out',
      'parley.notices',
      'parley.recording',
      'parley-came-by',
    ] as const;
    for (const key of [...OF_DEVICE, ...ofPerson]) remember(key, 'x');
    localStorage.setItem('of another version', 'x');
    rememberInTab('parley.leftCall', 'x');
    rememberInTab('parley.reloadedFor', 'x');
    await person();
    await (await caches.open('parley-taps')).put('/accept', new Response());
    const files = await navigator.storage.getDirectory();
    await files.getFileHandle('a picture', { create: true });
    expect(await forgetPerson()).toEqual([]);
    expect(await databases()).not.toContain(NAME);
    expect(await caches.has('parley-taps')).toBeFalse();
    const left = [];
    for await (const name of files.keys()) left.push(name);
    expect(left).toEqual([]);
    expect(Object.keys(localStorage).sort()).toEqual([...OF_DEVICE].sort());
    localStorage.clear();
    expect(rememberedByTab('parley.leftCall')).toBeNull();
    expect(rememberedByTab('parley.reloadedFor')).toBe('x');
    sessionStorage.removeItem('parley.reloadedFor');
  });

  it('is forgotten everywhere else where one place refuses, which is named', async () => {
    await person();
    spyOn(caches, 'keys').and.rejectWith(new DOMException('blocked', 'SecurityError'));
    spyOnProperty(window, 'localStorage').and.throwError(new DOMException('blocked', 'SecurityError'));
    expect((await forgetPerson()).sort()).toEqual(['caches', 'localStorage']);
    expect(await databases()).not.toContain(NAME);
  });

  it('is only what was not sent where the server ended the session', async () => {
    await person();
    expect(await keepUnsentOnly(NAME, UNSENT)).toBeFalse();
    expect(await rowsOf('messages')).toEqual([]);
    await new Promise<void>(resolve => {
      const opening = indexedDB.open(NAME);
      opening.onsuccess = () => {
        const writing = opening.result.transaction(['posts', 'facts', 'messages'], 'readwrite');
        writing.objectStore('posts').put({ id: 'written here' });
        writing.objectStore('facts').put({ name: 'sent' });
        writing.objectStore('messages').put({ id: 'from the server' });
        writing.oncomplete = () => {
          opening.result.close();
          resolve();
        };
      };
    });
    expect(await keepUnsentOnly(NAME, UNSENT)).toBeTrue();
    expect(await Promise.all(['messages', 'posts', 'facts'].map(rowsOf))).toEqual([
      [],
      [{ id: 'written here' }],
      [{ name: 'sent' }],
    ]);
  });

  it('is remembered as long as the page where the browser refuses', () => {
    const refused = new DOMException('blocked', 'SecurityError');
    spyOnProperty(window, 'localStorage').and.throwError(refused);
    spyOnProperty(window, 'sessionStorage').and.throwError(refused);
    expect(remembered('parley.scheme')).toBeNull();
    remember('parley.scheme', 'dark');
    expect(remembered('parley.scheme')).toBe('dark');
    expect(rememberInTab('parley.reloadedFor', 'main.js')).toBeFalse();
    expect(() => forgetRememberedOfPerson()).toThrow();
  });
});
