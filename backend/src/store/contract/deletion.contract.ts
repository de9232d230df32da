import type { UserId } from '#protocol/ids';
import type { Store } from '../store.ts';
import { memberIds, befriend, ended, newMessage, post, ringing, someFriends } from './people.ts';
import { newId } from '../../testing/new-id.ts';

export function describeDeletion(store: () => Store): void {
  describe('deletion', () => {
    it('S13: leaves messages to the others under an opaque id, and nothing else', async () => {
      const [ada, bob, conversation] = await someFriends(store());
      await store().setAvatar(ada.id, { version: 'v', type: 'image/png', bytes: new Uint8Array([1]) });
      await store().updateProfile(ada.id, 'Countess Ada');
      await post(store(), conversation, ada, 'goodbye');
      expect(await store().deleteUser(ada.id)).toEqual([bob.id]);

      expect(await store().messagesSince(conversation, bob.id, 0, 10)).toEqual([
        jasmine.objectContaining({ author: { userId: ada.id, deviceId: ada.device }, data: 'goodbye' }),
      ]);
      expect((await memberIds(store(), conversation)).sort()).toEqual([ada.id, bob.id].sort());
      const [left] = await store().usersById([ada.id]);
      expect(left).toEqual({
        id: ada.id,
        username: 'deleted-account',
        displayName: 'Deleted account',
        avatar: null,
        role: 'user',
        disabled: false,
        deleted: true,
        settings: { readReceipts: true },
        createdAt: 0,
      });
      expect(await store().avatar(ada.id, 'v')).toBeNull();
      expect(await store().device(ada.device)).toBeNull();
      expect(await store().credentials(ada.username)).toBeNull();
      expect(await store().credentialsById(ada.id)).toBeNull();
      expect(await store().contactsOf(bob.id, undefined, 10)).toEqual({ items: [] });
      expect(await store().searchUsers(ada.username, undefined, 10)).toEqual({ items: [] });
      expect(await store().searchUsers('Countess Ada', undefined, 10)).toEqual({ items: [] });
    });

    it('S13: takes blocks with it, from both sides', async () => {
      const [ada, bob] = await someFriends(store());
      await store().block(ada.id, bob.id, 4_000);
      await store().block(bob.id, ada.id, 4_000);
      await store().deleteUser(ada.id);
      expect(await store().relation(bob.id, ada.id)).toEqual({
        accepted: false,
        requestedBy: null,
        blockedByMe: false,
        blockedByThem: false,
      });
    });

    it('S13: nothing comes back to a deleted account', async () => {
      const [ada, bob, conversation] = await someFriends(store());
      await store().deleteUser(ada.id);
      expect(await store().requestContact(bob.id, ada.id, 9_000)).toBe('unknown');
      expect(await store().block(bob.id, ada.id, 9_000)).toBe('unknown');
      await expectAsync(store().appendMessage(newMessage(conversation, ada, 'ghost'))).toBeRejected();
      const device = { id: ada.device, userId: ada.id, name: 'x', secretHash: 'x', tokenHash: ada.token, at: 9_000 };
      await expectAsync(store().signInDevice(device)).toBeRejected();
      await store().updateProfile(ada.id, 'Ghost');
      await store().setAvatar(ada.id, { version: 'v', type: 'image/png', bytes: new Uint8Array([1]) });
      expect((await store().userById(ada.id))?.displayName).toBe('Deleted account');
      expect(await store().avatar(ada.id, 'v')).toBeNull();
      expect(await store().lastSeq(conversation)).toBe(0);
    });

    it('S13: a conversation goes with its last member, and a call log with its last reader', async () => {
      const [ada, bob, conversation] = await someFriends(store());
      const call = ended(ringing(ada, bob));
      await store().recordCall(call);
      await post(store(), conversation, ada, 'anybody?');
      await store().deleteUser(ada.id);
      expect(await store().call(call.callId)).not.toBeNull();
      await store().deleteUser(bob.id);
      expect(await memberIds(store(), conversation)).toEqual([]);
      expect(await store().lastSeq(conversation)).toBe(0);
      expect(await store().call(call.callId)).toBeNull();
    });

    it('S13: what the others were never shown keeps its place and loses its content', async () => {
      const [ada, bob, conversation] = await someFriends(store());
      await store().block(bob.id, ada.id, 4_000);
      await post(store(), conversation, ada, 'withheld', { withheldFrom: [bob.id] });
      await store().deleteUser(ada.id);
      const places = await store().messagesSince(conversation, bob.id, 0, 10);
      expect(places).toEqual([{ conversationId: conversation, seq: 1, withheld: true }]);
    });

    it('S13: the name is free again, for another person', async () => {
      const [ada, bob] = await someFriends(store());
      await store().deleteUser(ada.id);
      const device = { id: ada.device, userId: ada.id, name: 'x', secretHash: 'x', tokenHash: ada.token, at: 9_000 };
      const user = { ...ada, displayName: 'New', passwordHash: 'h', role: 'user', at: 9_000 } as const;
      // The id of the deleted one is never taken again.
      await expectAsync(store().createUser(user, device)).toBeRejected();
      const next = newId<UserId>();
      expect(await store().createUser({ ...user, id: next }, { ...device, userId: next })).toBe('created');
      expect((await store().credentials(ada.username))?.user.id).toBe(next);
      expect(await befriend(store(), bob, { ...ada, id: next })).toBeTruthy();
    });
  });
}
