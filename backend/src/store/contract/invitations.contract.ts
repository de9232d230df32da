import { randomUUID } from 'node:crypto';
import type { UserId } from '#protocol/ids';
import type { NewInvitation } from '../invitations.ts';
import type { Store } from '../store.ts';
import { everyPage, freshName, newDevice, somebody, someFriends, times, type Person } from './people.ts';
import { newId } from '../../testing/new-id.ts';

/** A newcomer who has not been made yet. */
export const newcomer = (username = freshName()) => {
  const id = newId<UserId>();
  const user = { id, username, displayName: 'New', passwordHash: 'hash', role: 'user', at: 2_000 } as const;
  return { user, device: newDevice(id) };
};

export function describeInvitations(store: () => Store): void {
  const invite = async (inviter: Person | null, changes: Partial<NewInvitation> = {}): Promise<NewInvitation> => {
    const made = {
      id: randomUUID(),
      codeHash: randomUUID(),
      inviterId: inviter?.id ?? null,
      uses: 1,
      createdAt: 1_000,
      expiresAt: 9_000,
      ...changes,
    };
    expect(await store().createInvitation(made, 1_000)).toBe('created');
    return made;
  };
  const redeem = (codeHash: string, who = newcomer()) => store().redeemInvitation(codeHash, who.user, who.device);
  const open = (codeHash: string) => store().openInvitation(codeHash, 2_000);

  describe('invitations', () => {
    it('S40: one is used by three of 20 who ask at once, where three may', async () => {
      const { codeHash } = await invite(await somebody(store()), { uses: 3 });
      const answers = await Promise.all(times(20, () => redeem(codeHash)));
      expect(answers.filter(({ kind }) => kind === 'created').length).toBe(3);
      expect(answers.filter(({ kind }) => kind === 'unknown').length).toBe(17);
    });

    it('S40: a taken username uses nothing up and leaves nothing behind', async () => {
      const ada = await somebody(store());
      const { codeHash } = await invite(ada);
      const taken = newcomer(ada.username);
      expect(await redeem(codeHash, taken)).toEqual({ kind: 'username-taken' });
      expect(await store().userById(taken.user.id)).toBeNull();
      expect((await open(codeHash))?.invitation.used).toBe(0);
      expect((await redeem(codeHash)).kind).toBe('created');
    });

    it('S40: a device that cannot be made leaves the invitation and no account', async () => {
      const ada = await somebody(store());
      const { codeHash } = await invite(ada);
      const { user } = newcomer();
      const device = newDevice(user.id, { id: ada.device });
      await expectAsync(store().redeemInvitation(codeHash, user, device)).toBeRejected();
      expect(await store().userById(user.id)).toBeNull();
      expect((await open(codeHash))?.invitation.used).toBe(0);
    });

    it('S41: inviter and guest are contacts with a conversation, and the use is counted', async () => {
      const ada = await somebody(store());
      const { codeHash, id } = await invite(ada, { uses: 2 });
      const { user, device } = newcomer();
      expect(await redeem(codeHash, { user, device })).toEqual({ kind: 'created', inviterId: ada.id });
      const seen = [await store().contact(ada.id, user.id), await store().contact(user.id, ada.id)];
      expect(seen.map(row => row?.state)).toEqual(['accepted', 'accepted']);
      expect(seen[0]?.conversationId).toBe(seen[1]!.conversationId);
      expect(await store().device(device.id)).not.toBeNull();
      expect((await open(codeHash))?.invitation).toEqual(jasmine.objectContaining({ id, used: 1, uses: 2 }));
    });

    it('S41: one of the terminal makes an account without contacts', async () => {
      const { codeHash } = await invite(null);
      const { user, device } = newcomer();
      expect((await open(codeHash))?.inviter).toBeNull();
      expect(await redeem(codeHash, { user, device })).toEqual({ kind: 'created', inviterId: null });
      expect(await store().contactsOf(user.id, undefined, 10)).toEqual({ items: [] });
    });

    it('S41: a person who has an account becomes a contact, and only that uses it up', async () => {
      const [ada, bob] = await someFriends(store());
      const { codeHash } = await invite(ada);
      const accept = (person: Person) => store().acceptInvitation(codeHash, person.id, 2_000);
      expect(await accept(ada)).toEqual({ kind: 'own', inviterId: ada.id });
      expect(await accept(bob)).toEqual({ kind: 'already', inviterId: ada.id });
      const eve = await somebody(store());
      await store().requestContact(eve.id, ada.id, 1_500);
      expect(await accept(eve)).toEqual({ kind: 'accepted', inviterId: ada.id });
      expect((await store().contact(ada.id, eve.id))?.state).toBe('accepted');
      expect(await accept(await somebody(store()))).toEqual({ kind: 'unknown' });
    });

    it('S42: opens nothing once it is over, used up or revoked, or its inviter is disabled or gone', async () => {
      const [ada, bob, eve] = [await somebody(store()), await somebody(store()), await somebody(store())];
      const over = await invite(ada, { expiresAt: 2_000 });
      const used = await invite(ada);
      await redeem(used.codeHash);
      const revoked = await invite(ada);
      expect(await store().revokeInvitation(bob.id, revoked.id)).toBe('unknown');
      expect(await open(revoked.codeHash)).not.toBeNull();
      expect(await store().revokeInvitation(ada.id, revoked.id)).toBe('revoked');
      expect(await store().revokeInvitation(ada.id, revoked.id)).toBe('unknown');
      const disabled = await invite(bob);
      await store().disableUser(bob.id);
      const gone = await invite(eve);
      await store().deleteUser(eve.id);
      for (const { codeHash } of [over, used, revoked, disabled, gone, { codeHash: 'nobody made this' }]) {
        expect(await open(codeHash)).toBeNull();
        expect(await redeem(codeHash)).toEqual({ kind: 'unknown' });
        expect(await store().acceptInvitation(codeHash, ada.id, 2_000)).toEqual({ kind: 'unknown' });
      }
    });

    it('S42: an inviter has so many open ones, and those that are over make room', async () => {
      const ada = await somebody(store());
      const next = (at: number) => ({
        id: randomUUID(),
        codeHash: randomUUID(),
        inviterId: ada.id,
        uses: 1,
        createdAt: at,
        expiresAt: at + 1_000,
      });
      const create = (at: number) => store().createInvitation(next(at), 2);
      expect([await create(1_000), await create(1_500), await create(1_600)]).toEqual([
        'created',
        'created',
        'too-many',
      ]);
      expect(await create(2_100)).toBe('created');
      const listed = await everyPage(cursor => store().invitationsOf(ada.id, 2_200, cursor, 1));
      expect(listed.map(({ createdAt }) => createdAt).sort()).toEqual([1_500, 2_100]);
      expect(await store().invitationsOf((await somebody(store())).id, 2_200, undefined, 10)).toEqual({ items: [] });
      expect(await store().invitationsOf(ada.id, 2_200, 'garbage', 10)).toBe('bad-cursor');
    });
  });
}
