import type { Store } from '../store.ts';
import { befriend, everyPage, ended, post, ringing, somebody, someFriends, times } from './people.ts';
import { SLOW_MS } from './seeds.ts';

export function describeLists(store: () => Store): void {
  describe('lists', () => {
    it('show conversations by the newest activity that the reader may see, each once', async () => {
      const ada = await somebody(store());
      const friends = await Promise.all(times(5, () => somebody(store())));
      const conversations = await Promise.all(friends.map(friend => befriend(store(), ada, friend)));
      const order = [3, 0, 4, 1, 2];
      for (const [i, which] of order.entries()) {
        await post(store(), conversations[which]!, friends[which]!, 'hi', { at: 10_000 + i });
      }
      // Withheld from Ada: nothing moves for her.
      await post(store(), conversations[3]!, friends[3]!, 'hello?', { at: 20_000, withheldFrom: [ada.id] });
      for (const limit of [1, 2, 100]) {
        const rows = await everyPage(cursor => store().conversationsOf(ada.id, cursor, limit));
        expect(rows.map(({ id }) => id)).toEqual([...order].reverse().map(which => conversations[which]!));
      }
    });

    it('answer bad-cursor to what they never gave', async () => {
      const [ada, bob] = await someFriends(store());
      for (let i = 0; i < 2; i++) {
        await befriend(store(), ada, await somebody(store()));
        await store().recordCall(ended(ringing(ada, bob)));
      }
      const lists = {
        users: (cursor?: string) => store().searchUsers('some', cursor, 1),
        contacts: (cursor?: string) => store().contactsOf(ada.id, cursor, 1),
        conversations: (cursor?: string) => store().conversationsOf(ada.id, cursor, 1),
        calls: (cursor?: string) => store().callsOf(ada.id, cursor, 1),
      };
      const cursors = await Promise.all(
        Object.values(lists).map(async list => {
          const page = await list();
          return page === 'bad-cursor' ? '' : page.next!;
        }),
      );
      const encoded = (key: unknown) => Buffer.from(JSON.stringify(key)).toString('base64url');
      const garbage = ['', 'x', '-1', '\0', '[]', encoded({}), encoded(['calls', -1]), encoded(['calls', 1.5])];
      const wrong = [
        encoded(['calls', '1']),
        encoded(['conversations', 1]),
        encoded(['users', 1]),
        encoded(['contacts']),
      ];
      for (const [i, list] of Object.values(lists).entries()) {
        const foreign = cursors.filter((_, other) => other !== i);
        for (const cursor of [...garbage, ...wrong, ...foreign]) {
          expect(await list(cursor))
            .withContext(cursor)
            .toBe('bad-cursor');
        }
        expect(await list(cursors[i])).not.toBe('bad-cursor');
      }
    });

    it(
      'are bounded whatever is asked',
      async () => {
        const [ada, bob, conversation] = await someFriends(store());
        await Promise.all(times(510, i => post(store(), conversation, ada, `${i}`)));
        for (const limit of [-1, 0, NaN, 1e9, Infinity]) {
          const page = await store().messagesSince(conversation, bob.id, 0, limit);
          expect(page.length)
            .withContext(`${limit}`)
            .toBe(limit <= 0 ? 1 : 500);
        }
      },
      SLOW_MS,
    );
  });
}
