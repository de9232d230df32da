import { storeKey } from './store-key';

describe('The key of the machine’s store', () => {
  let name: string;
  const row = () =>
    new Promise<{ wrapping: CryptoKey; sealed: Uint8Array }>((resolve, reject) => {
      const opening = indexedDB.open(name);
      opening.onsuccess = () => {
        const asked = opening.result.transaction('key').objectStore('key').get('store');
        asked.onsuccess = () => {
          opening.result.close();
          resolve(asked.result as { wrapping: CryptoKey; sealed: Uint8Array });
        };
      };
      opening.onerror = () => reject(new Error('not opened'));
    });

  beforeEach(() => (name = `spec-key-${crypto.randomUUID()}`));
  afterEach(() => void indexedDB.deleteDatabase(name));

  it('is the same at each start, and another one for another person', async () => {
    const key = await storeKey(name);
    expect(key.length).toBe(32);
    expect(await storeKey(name)).toEqual(key);
    const other = `${name}-other`;
    expect(await storeKey(other)).not.toEqual(key);
    indexedDB.deleteDatabase(other);
  });

  it('is one, although two tabs make it at the same time', async () => {
    const keys = await Promise.all([storeKey(name), storeKey(name), storeKey(name)]);
    expect(new Set(keys.map(String)).size).toBe(1);
  });

  it('is kept sealed, under a key that no script can read', async () => {
    const key = await storeKey(name);
    const { wrapping, sealed } = await row();
    expect(wrapping.extractable).toBeFalse();
    await expectAsync(crypto.subtle.exportKey('raw', wrapping)).toBeRejected();
    expect(String(sealed)).not.toContain(String(key));
  });
});
