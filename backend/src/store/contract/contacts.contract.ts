import { type ConversationId, type UserId, uuid } from '#protocol/ids';
import type { Store } from '../store.ts';
import { memberIds, befriend, everyPage, post, somebody, someFriends, times, type Person } from './people.ts';
import { newId } from '../../testing/new-id.ts';

export function describeContacts(store: () => Store): void {
  const two = () => Promise.all([somebody(store()), somebody(store())]);
  const stateOf = async (me: Person, them: Person) => (await store().contact(me.id, them.id))?.state ?? null;

  describe('contacts', () => {
    it('asks, and each side sees its half', async () => {
      const [ada, bob] = await two();
      expect(await store().requestContact(ada.id, bob.id, 2_000)).toBe('requested');
      expect(await store().requestContact(ada.id, bob.id, 2_001)).toBe('requested');
      expect(await stateOf(ada, bob)).toBe('requested');
      expect(await stateOf(bob, ada)).toBe('incoming');
      expect((await store().contact(ada.id, bob.id))?.conversationId).toBeNull();
      expect(await store().acceptContact(ada.id, bob.id, 2_002)).toBe('none');
      const { accepted, requestedBy } = await store().relation(bob.id, ada.id);
      expect({ accepted, requestedBy }).toEqual({ accepted: false, requestedBy: ada.id });
    });

    it('answers unknown to requests and blocks of nobody, and of oneself', async () => {
      const ada = await somebody(store());
      for (const nobody of [newId<UserId>(), ada.id]) {
        expect(await store().requestContact(ada.id, nobody, 2_000)).toBe('unknown');
        expect(await store().block(ada.id, nobody, 2_000)).toBe('unknown');
      }
      expect(await store().contactsOf(ada.id, undefined, 10)).toEqual({ items: [] });
    });

    it('declines, withdraws and removes on both sides', async () => {
      const [ada, bob] = await two();
      for (const end of [
        () => store().declineContact(bob.id, ada.id),
        () => store().removeContact(ada.id, bob.id),
        () => store().removeContact(bob.id, ada.id),
      ]) {
        await store().requestContact(ada.id, bob.id, 2_000);
        expect(['declined', 'removed']).toContain(await end());
        expect([await stateOf(ada, bob), await stateOf(bob, ada)]).toEqual([null, null]);
        expect(await end()).toBe('none');
      }
    });

    it('S7: accepting from 20 places at once makes one direct conversation of the two', async () => {
      const [ada, bob] = await two();
      await store().requestContact(ada.id, bob.id, 2_000);
      const answers = await Promise.all(times(20, () => store().acceptContact(bob.id, ada.id, 2_001)));
      expect(answers).toEqual(times(20, () => 'accepted' as const));
      const { items } = (await store().conversationsOf(ada.id, undefined, 10)) as { items: { id: ConversationId }[] };
      expect(items.length).toBe(1);
      expect(uuid.safeParse(items[0]!.id).success).toBe(true);
      expect((await memberIds(store(), items[0]!.id)).sort()).toEqual([ada.id, bob.id].sort());
      expect((await store().contact(bob.id, ada.id))?.conversationId).toBe(items[0]!.id);
    });

    it('S7: the conversation survives removal and is the same after adding again', async () => {
      const [ada, bob, conversation] = await someFriends(store());
      await post(store(), conversation, ada, 'still here');
      expect(await store().removeContact(bob.id, ada.id)).toBe('removed');
      expect((await store().relation(ada.id, bob.id)).accepted).toBe(false);
      expect((await store().messagesSince(conversation, bob.id, 0, 10)).length).toBe(1);
      expect(await befriend(store(), bob, ada)).toBe(conversation);
      expect(await store().lastSeq(conversation)).toBe(1);
    });

    it('S8: crossing requests accept each other, 20 pairs at once', async () => {
      const pairs = await Promise.all(times(20, two));
      const answers = await Promise.all(
        pairs.flatMap(([a, b]) => [
          store().requestContact(a.id, b.id, 2_000),
          store().requestContact(b.id, a.id, 2_000),
        ]),
      );
      expect(answers.filter(answer => answer === 'accepted').length).toBe(20);
      for (const [a, b] of pairs) expect([await stateOf(a, b), await stateOf(b, a)]).toEqual(['accepted', 'accepted']);
    });

    it('lists everybody once, by username, whatever the page', async () => {
      const ada = await somebody(store());
      const others = await Promise.all(times(9, () => somebody(store())));
      await Promise.all(others.map(other => store().requestContact(other.id, ada.id, 2_000)));
      await store().block(ada.id, others[3]!.id, 2_001);
      await store().acceptContact(ada.id, others[5]!.id, 2_002);
      for (const limit of [1, 4, 100]) {
        const rows = await everyPage(cursor => store().contactsOf(ada.id, cursor, limit));
        expect(rows.map(({ user }) => user.username)).toEqual(others.map(({ username }) => username).sort());
      }
      expect(await store().acceptedContacts(ada.id)).toEqual([
        { userId: others[5]!.id, blockedByMe: false, blockedByThem: false },
      ]);
    });
  });

  describe('blocks', () => {
    it('stand beside the relation: nothing changes for the one who was blocked', async () => {
      const [ada, bob] = await someFriends(store());
      expect(await store().block(ada.id, bob.id, 4_000)).toBe('blocked');
      expect(await store().block(ada.id, bob.id, 4_001)).toBe('blocked');
      expect([await stateOf(ada, bob), await stateOf(bob, ada)]).toEqual(['blocked', 'accepted']);
      expect((await store().contact(ada.id, bob.id))?.since).toBe(4_000);
      const relation = { accepted: true, requestedBy: null };
      expect(await store().relation(ada.id, bob.id)).toEqual({ ...relation, blockedByMe: true, blockedByThem: false });
      expect(await store().relation(bob.id, ada.id)).toEqual({ ...relation, blockedByMe: false, blockedByThem: true });
      expect(await store().acceptedContacts(bob.id)).toEqual([
        { userId: ada.id, blockedByMe: false, blockedByThem: true },
      ]);
      expect(await store().unblock(bob.id, ada.id)).toBe('none');
      expect(await store().unblock(ada.id, bob.id)).toBe('unblocked');
      expect(await stateOf(ada, bob)).toBe('accepted');
    });

    it('hide a request made behind them for good, and let it be answered by one of their own', async () => {
      const [ada, bob] = await two();
      await store().block(ada.id, bob.id, 4_000);
      expect(await store().requestContact(bob.id, ada.id, 4_001)).toBe('requested');
      expect([await stateOf(ada, bob), await stateOf(bob, ada)]).toEqual(['blocked', 'requested']);
      await store().unblock(ada.id, bob.id);
      expect([await stateOf(ada, bob), await stateOf(bob, ada)]).toEqual([null, 'requested']);
      expect((await store().relation(ada.id, bob.id)).requestedBy).toBeNull();
      expect(await store().acceptContact(ada.id, bob.id, 4_002)).toBe('none');
      expect(await store().declineContact(ada.id, bob.id)).toBe('none');
      expect(await store().removeContact(ada.id, bob.id)).toBe('none');
      expect(await store().contactsOf(ada.id, undefined, 10)).toEqual({ items: [] });
      expect(await store().requestContact(ada.id, bob.id, 4_003)).toBe('accepted');
      expect([await stateOf(ada, bob), await stateOf(bob, ada)]).toEqual(['accepted', 'accepted']);
    });

    it('cannot be seen in marks: they stand still at what they were', async () => {
      const [ada, bob, conversation] = await someFriends(store());
      await post(store(), conversation, bob, 'seen');
      await store().mark(conversation, ada.id, { read: 1 });
      await store().block(ada.id, bob.id, 4_000);
      await post(store(), conversation, bob, 'unseen', { withheldFrom: [ada.id] });
      await store().mark(conversation, ada.id, { read: 2 });
      const marksSeenBy = async (me: Person) => {
        const page = await store().conversationsOf(me.id, undefined, 1);
        if (page === 'bad-cursor') throw new Error(page);
        return page.items[0]!.marks.find(({ userId }) => userId === ada.id);
      };
      expect(await marksSeenBy(bob)).toEqual({ userId: ada.id, received: 1, read: 1 });
      expect(await marksSeenBy(ada)).toEqual({ userId: ada.id, received: 2, read: 2 });
    });
  });
}
