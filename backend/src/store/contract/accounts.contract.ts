import { randomUUID } from 'node:crypto';
import type { UserId } from '#protocol/ids';
import type { Store } from '../store.ts';
import { everyPage, freshName, newDevice, somebody, times } from './people.ts';
import { newId } from '../../testing/new-id.ts';

export function describeAccounts(store: () => Store): void {
  const register = (username: string, displayName = 'New') => {
    const id = newId<UserId>();
    const user = { id, username, displayName, passwordHash: `hash of ${id}`, role: 'user', at: 1_000 } as const;
    return store().createUser(user, newDevice(id));
  };

  describe('accounts', () => {
    it('S11: gives a username to one of 20 who ask at once', async () => {
      const name = freshName();
      const answers = await Promise.all(times(20, () => register(name)));
      expect(answers.filter(answer => answer === 'created').length).toBe(1);
      expect(answers.filter(answer => answer === 'username-taken').length).toBe(19);
    });

    it('S11: knows a username however it is written', async () => {
      const name = freshName();
      expect(await register(name.toUpperCase())).toBe('created');
      expect(await register(name)).toBe('username-taken');
      expect(await register(` ${name} `)).toBe('username-taken');
      const found = await store().credentials(name.toUpperCase());
      expect(found?.user.username).toBe(name);
      expect(found?.passwordHash).toBe(`hash of ${found!.user.id}`);
    });

    it('S11: never gives the name that deleted accounts are shown by', async () => {
      expect(await register('deleted-account')).toBe('username-taken');
    });

    it('makes the account and its first device in one', async () => {
      const ada = await somebody(store(), 'Ada Lovelace');
      const found = await store().device(ada.device);
      expect(found?.user).toEqual({
        id: ada.id,
        username: ada.username,
        displayName: 'Ada Lovelace',
        avatar: null,
        role: 'user',
        disabled: false,
        deleted: false,
        settings: { readReceipts: true },
        createdAt: 1_000,
      });
      expect(found?.device.userId).toBe(ada.id);
    });

    it('leaves nothing of an account whose device cannot be made', async () => {
      const ada = await somebody(store());
      const id = newId<UserId>();
      const name = freshName();
      const user = { id, username: name, displayName: 'Eve', passwordHash: 'h', role: 'user', at: 1 } as const;
      // The id of somebody else's device.
      await expectAsync(store().createUser(user, newDevice(id, { id: ada.device }))).toBeRejected();
      expect(await store().userById(id)).toBeNull();
      expect(await register(name)).toBe('created');
      expect((await store().device(ada.device))?.user.id).toBe(ada.id);
    });

    it('keeps profile, settings and picture', async () => {
      const ada = await somebody(store());
      await store().updateProfile(ada.id, 'Countess');
      await store().updateSettings(ada.id, { readReceipts: true, relayCalls: true });
      expect((await store().userById(ada.id))?.settings).toEqual({ readReceipts: true, relayCalls: true });
      await store().updateSettings(ada.id, { readReceipts: false });
      await store().setAvatar(ada.id, { version: 'v1', type: 'image/png', bytes: new Uint8Array([1, 2, 3]) });
      const user = await store().userById(ada.id);
      expect(user?.displayName).toBe('Countess');
      expect(user?.settings).toEqual({ readReceipts: false });
      expect(user?.avatar).toBe('v1');
      const avatar = await store().avatar(ada.id, 'v1');
      expect(avatar && { type: avatar.type, bytes: [...avatar.bytes] }).toEqual({
        type: 'image/png',
        bytes: [1, 2, 3],
      });
      expect(await store().avatar(ada.id, 'v2')).toBeNull();
      await store().setAvatar(ada.id, null);
      expect((await store().userById(ada.id))?.avatar).toBeNull();
    });
  });

  describe('search', () => {
    const search = async (prefix: string) =>
      (await everyPage(cursor => store().searchUsers(prefix, cursor, 2))).map(user => user.username);

    it('finds by the start of the username, or of a word of the display name, whatever the case and the accents', async () => {
      const tag = randomUUID().slice(0, 8).replace(/\d/g, 'x');
      const ada = await somebody(store(), `Ada Ünlü-${tag} King`);
      for (const typed of [ada.username, ada.username.toUpperCase(), `UNLU ${tag}`, `ünlü-${tag} k`, tag]) {
        expect(await search(typed))
          .withContext(typed)
          .toEqual([ada.username]);
      }
      await store().updateProfile(ada.id, 'Somebody Else');
      expect(await search(tag)).toEqual([]);
    });

    it('takes nothing typed for a pattern, and lists nobody for nothing', async () => {
      await somebody(store(), 'Percent Sign');
      for (const typed of ['%%%', '___', '*', '', '   ', '...', "' OR 1=1 --", '\u{10ffff}', '\0']) {
        expect(await search(typed))
          .withContext(JSON.stringify(typed))
          .toEqual([]);
      }
    });

    it('pages through equal names in the order of usernames, each once', async () => {
      const tag = `T${randomUUID().replaceAll('-', '')}`;
      const made = await Promise.all(times(7, () => somebody(store(), `Same ${tag}`)));
      expect(await search(tag)).toEqual(made.map(({ username }) => username).sort());
    });
  });
}
