import { randomUUID } from 'node:crypto';
import type { Store } from '../store.ts';
import { newcomer } from './invitations.contract.ts';
import { everyPage, newDevice, somebody, times } from './people.ts';
import { newId } from '../../testing/new-id.ts';

export function describeAdmin(store: () => Store): void {
  /** All specs share one store: whoever was made admin here is none afterwards. */
  const withoutAdmin = async () => {
    // An admin by another way ends the link that an earlier spec has left.
    await store().setRole((await somebody(store())).id, 'admin');
    for (const { id, role } of await everyPage(cursor => store().accounts(cursor, 100)))
      if (role === 'admin') await store().setRole(id, 'user');
  };

  describe('the set-up link', () => {
    beforeEach(withoutAdmin);
    afterAll(withoutAdmin);

    it('S43: makes one admin of 10 who come at once', async () => {
      const code = randomUUID();
      expect(await store().offerSetUp(code)).toBe(code);
      expect(await store().isSetUpOpen(code)).toBeTrue();
      const guests = times(10, () => newcomer());
      const answers = await Promise.all(guests.map(({ user, device }) => store().redeemSetUp(code, user, device)));
      expect(answers.filter(answer => answer === 'created').length).toBe(1);
      expect(answers.filter(answer => answer === 'unknown').length).toBe(9);
      const first = guests[answers.indexOf('created')]!;
      expect((await store().userById(first.user.id))?.role).toBe('admin');
      expect(await store().isSetUpOpen(code)).toBeFalse();
      expect(await store().offerSetUp(randomUUID())).toBeNull();
    });

    it('S43: is one for all who offer one at the same time and later, until it is used', async () => {
      const offered = times(10, (): string => randomUUID());
      const [first, ...others] = await Promise.all(offered.map(seal => store().offerSetUp(seal)));
      expect(offered).toContain(first!);
      expect(new Set(others)).toEqual(new Set([first]));
      expect(await store().offerSetUp(randomUUID())).toBe(first!);
      expect(await Promise.all(offered.map(seal => store().isSetUpOpen(seal)))).toEqual(
        offered.map(seal => seal === first),
      );
      const { user, device } = newcomer();
      expect(await store().redeemSetUp(first!, user, device)).toBe('created');
      await withoutAdmin();
      const next = randomUUID();
      expect(await store().offerSetUp(next)).toBe(next);
      expect(await store().isSetUpOpen(first!)).toBeFalse();
    });

    it('S43: is kept by a taken username', async () => {
      const ada = await somebody(store());
      const code = randomUUID();
      await store().offerSetUp(code);
      const { user, device } = newcomer(ada.username);
      expect(await store().redeemSetUp(code, user, device)).toBe('username-taken');
      expect(await store().isSetUpOpen(code)).toBeTrue();
    });

    it('S43: makes an account that is there the admin, and opens nothing while there is one', async () => {
      const [ada, bob] = [await somebody(store()), await somebody(store())];
      const code = randomUUID();
      await store().offerSetUp(code);
      expect(await store().claimSetUp('wrong', ada.id)).toBe('unknown');
      expect(await store().claimSetUp(code, newId())).toBe('unknown');
      expect(await store().claimSetUp(code, ada.id)).toBe('claimed');
      expect(await store().hasAdmin()).toBeTrue();
      expect(await store().claimSetUp(code, bob.id)).toBe('unknown');
      await withoutAdmin();
      await store().offerSetUp(code);
      await store().setRole(bob.id, 'admin');
      expect(await store().isSetUpOpen(code)).toBeFalse();
      expect(await store().claimSetUp(code, ada.id)).toBe('unknown');
    });
  });

  describe('the last admin', () => {
    beforeEach(withoutAdmin);
    afterAll(withoutAdmin);
    const admin = async () => {
      const made = await somebody(store());
      await store().setRole(made.id, 'admin');
      return made;
    };

    it('S46: is neither disabled nor deleted, and another one may go', async () => {
      const [ada, bob] = [await admin(), await admin()];
      expect(await store().disableUser(bob.id)).toEqual([bob.device]);
      expect(await store().disableUser(ada.id)).toBe('last-admin');
      expect(await store().deleteUser(ada.id)).toBe('last-admin');
      expect((await store().userById(ada.id))?.disabled).toBeFalse();
      expect((await store().devicesOf(ada.id)).length).toBe(1);
      await store().enableUser(bob.id);
      expect(await store().deleteUser(ada.id)).toEqual([]);
      expect(await store().deleteUser(bob.id)).toBe('last-admin');
    });

    it('S46: is there however many admins go at the same time', async () => {
      for (let round = 0; round < 6; round += 1) {
        const [ada, bob, eve] = [await admin(), await admin(), await admin()];
        const verbs = [store().disableUser(ada.id), store().deleteUser(bob.id), store().disableUser(eve.id)];
        const answers = await Promise.all(verbs);
        expect(answers).toContain('last-admin');
        expect(await store().hasAdmin()).toBeTrue();
        await withoutAdmin();
      }
    });

    it('S43: who is disabled does not count, so a link can be made', async () => {
      const ada = await somebody(store());
      await store().disableUser(ada.id);
      await store().setRole(ada.id, 'admin');
      expect(await store().hasAdmin()).toBeFalse();
      const code = randomUUID();
      expect(await store().offerSetUp(code)).toBe(code);
      expect(await store().isSetUpOpen(code)).toBeTrue();
      await store().enableUser(ada.id);
      expect(await store().hasAdmin()).toBeTrue();
      expect(await store().isSetUpOpen(code)).toBeFalse();
    });

    it('S43: an unused link is dead when there was an admin meanwhile', async () => {
      const code = randomUUID();
      await store().offerSetUp(code);
      const ada = await admin();
      await withoutAdmin();
      expect(await store().isSetUpOpen(code)).toBeFalse();
      expect(await store().claimSetUp(code, ada.id)).toBe('unknown');
      const disabled = await somebody(store());
      await store().disableUser(disabled.id);
      await store().setRole(disabled.id, 'admin');
      const next = randomUUID();
      await store().offerSetUp(next);
      await store().enableUser(disabled.id);
      await withoutAdmin();
      expect(await store().isSetUpOpen(next)).toBeFalse();
    });
  });

  describe('a reset link', () => {
    const offer = async (expiresAt = 9_000) => {
      const ada = await somebody(store());
      const code = randomUUID();
      expect(await store().offerReset(ada.id, code, expiresAt)).toBe('offered');
      return { ada, code };
    };

    it('S44: changes the password once, of several at once, and takes every device', async () => {
      const { ada, code } = await offer();
      const other = newDevice(ada.id);
      await store().signInDevice(other);
      expect((await store().resetOf(code, 2_000))?.id).toBe(ada.id);
      const answers = await Promise.all(times(5, i => store().redeemReset(code, `hash ${String(i)}`, 2_000)));
      const done = answers.filter(answer => answer !== null);
      expect(done.length).toBe(1);
      expect(done[0]?.devices.sort()).toEqual([ada.device, other.id].sort());
      const winner = answers.findIndex(answer => answer !== null);
      expect((await store().credentialsById(ada.id))?.passwordHash).toBe(`hash ${String(winner)}`);
      expect(await store().devicesOf(ada.id)).toEqual([]);
      expect(await store().resetOf(code, 2_000)).toBeNull();
    });

    it('S44: is over in time, and with the next one', async () => {
      const { ada, code } = await offer(2_000);
      expect(await store().redeemReset(code, 'late', 2_000)).toBeNull();
      const next = randomUUID();
      await store().offerReset(ada.id, next, 9_000);
      expect(await store().redeemReset(code, 'old', 1_500)).toBeNull();
      expect((await store().credentialsById(ada.id))?.passwordHash).toBe('password hash');
      expect((await store().redeemReset(next, 'new', 2_500))?.userId).toBe(ada.id);
      expect(await store().offerReset(newId(), randomUUID(), 9_000)).toBe('unknown');
    });

    it('S44: is dead once the person has changed the password themselves', async () => {
      const { ada, code } = await offer();
      await store().changePassword(ada.id, 'own hash', ada.device);
      expect(await store().resetOf(code, 2_000)).toBeNull();
      expect(await store().redeemReset(code, 'by the link', 2_000)).toBeNull();
      expect((await store().credentialsById(ada.id))?.passwordHash).toBe('own hash');
    });

    it('S44: goes with its account', async () => {
      const { ada, code } = await offer();
      await store().deleteUser(ada.id);
      expect(await store().resetOf(code, 2_000)).toBeNull();
      expect(await store().offerReset(ada.id, code, 9_000)).toBe('unknown');
    });
  });

  describe('accounts', () => {
    it('S45: disabling takes devices, tokens and the reset link; once it is enabled its person signs in again', async () => {
      const ada = await somebody(store());
      const code = randomUUID();
      await store().offerReset(ada.id, code, 9_000);
      expect(await store().disableUser(ada.id)).toEqual([ada.device]);
      expect((await store().userById(ada.id))?.disabled).toBeTrue();
      expect(await store().device(ada.device)).toBeNull();
      expect(await store().resetOf(code, 2_000)).toBeNull();
      expect(await store().searchUsers(ada.username, undefined, 10)).toEqual({ items: [] });
      expect(await store().enableUser(ada.id)).toBe('enabled');
      expect((await store().userById(ada.id))?.disabled).toBeFalse();
      await store().signInDevice(newDevice(ada.id));
      expect((await store().devicesOf(ada.id)).length).toBe(1);
      expect(await store().disableUser(newId())).toBeNull();
      expect(await store().enableUser(newId())).toBe('unknown');
    });

    it('S45: a disabled account that is deleted is a deleted one', async () => {
      const ada = await somebody(store());
      await store().disableUser(ada.id);
      await store().deleteUser(ada.id);
      expect(await store().userById(ada.id)).toEqual(jasmine.objectContaining({ deleted: true, disabled: false }));
      expect([await store().disableUser(ada.id), await store().enableUser(ada.id)]).toEqual([null, 'unknown']);
      expect(await store().setRole(ada.id, 'admin')).toBe('unknown');
    });

    it('are listed a page at a time by username, disabled ones too and deleted ones never', async () => {
      const [ada, bob, gone] = [await somebody(store()), await somebody(store()), await somebody(store())];
      await store().touchDevice(ada.device, 8_000);
      await store().disableUser(bob.id);
      await store().deleteUser(gone.id);
      const all = await everyPage(cursor => store().accounts(cursor, 3));
      const names = all.map(({ username }) => username);
      expect(names).toEqual([...names].sort());
      const [first, second] = [ada, bob].map(({ id }) => all.find(user => user.id === id));
      expect(first).toEqual(jasmine.objectContaining({ disabled: false, lastSeen: 8_000 }));
      expect(second).toEqual(jasmine.objectContaining({ disabled: true, lastSeen: null }));
      expect(all.some(({ id }) => id === gone.id)).toBeFalse();
      expect(await store().accounts('garbage', 3)).toBe('bad-cursor');
    });
  });
}
