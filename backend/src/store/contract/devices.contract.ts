import { randomUUID } from 'node:crypto';
import type { DeviceId } from '#protocol/ids';
import type { Store } from '../store.ts';
import { newDevice, somebody } from './people.ts';

export function describeDevices(store: () => Store): void {
  const rotate = (deviceId: DeviceId, tokenHash: string) =>
    store().rotateRefreshToken({
      deviceId,
      tokenHash,
      successorHash: randomUUID(),
      at: 2_000,
      graceMs: 30_000,
      idleMs: 1e9,
      absoluteMs: 1e9,
    });

  describe('devices', () => {
    it('S12: removing a device takes its tokens with it, and every look-up finds nothing', async () => {
      const ada = await somebody(store());
      expect(await store().removeDevice(ada.id, ada.device)).toBe('removed');
      expect(await store().device(ada.device)).toBeNull();
      expect(await store().devicesOf(ada.id)).toEqual([]);
      expect(await store().deviceSecretHash(ada.device)).toBeNull();
      expect(await rotate(ada.device, ada.token)).toEqual({ kind: 'unknown' });
      expect(await store().removeDevice(ada.id, ada.device)).toBe('unknown');
    });

    it("S12: a person cannot remove another person's device", async () => {
      const [ada, eve] = await Promise.all([somebody(store()), somebody(store())]);
      expect(await store().removeDevice(eve.id, ada.device)).toBe('unknown');
      expect((await store().device(ada.device))?.user.id).toBe(ada.id);
    });

    it('S12: removing the others leaves the one that is kept', async () => {
      const ada = await somebody(store());
      const others = [newDevice(ada.id), newDevice(ada.id)];
      for (const device of others) await store().signInDevice(device);
      const removed = await store().removeOtherDevices(ada.id, ada.device);
      expect(removed.sort()).toEqual(others.map(({ id }) => id).sort());
      expect((await store().devicesOf(ada.id)).map(({ id }) => id)).toEqual([ada.device]);
      expect(await rotate(others[0]!.id, others[0]!.tokenHash)).toEqual({ kind: 'unknown' });
    });

    it('S12: a new password removes every other device', async () => {
      const ada = await somebody(store());
      const other = newDevice(ada.id);
      await store().signInDevice(other);
      expect(await store().changePassword(ada.id, 'new hash', ada.device)).toEqual([other.id]);
      expect((await store().credentialsById(ada.id))?.passwordHash).toBe('new hash');
      expect(await store().device(other.id)).toBeNull();
      expect(await store().device(ada.device)).not.toBeNull();
    });

    it('S12: one that signs in again keeps its age and gets a new family of tokens', async () => {
      const ada = await somebody(store());
      const again = newDevice(ada.id, { id: ada.device, name: 'Phone, Firefox', secretHash: 'other', at: 9_000 });
      await store().signInDevice(again);
      expect(await store().devicesOf(ada.id)).toEqual([
        { id: ada.device, userId: ada.id, name: 'Phone, Firefox', createdAt: 1_000, lastSeen: 9_000 },
      ]);
      expect(await store().deviceSecretHash(ada.device)).toEqual({ userId: ada.id, secretHash: 'other' });
      expect(await rotate(ada.device, ada.token)).toEqual({ kind: 'unknown' });
      expect(await rotate(ada.device, again.tokenHash)).toEqual({ kind: 'rotated', gen: 2 });
    });

    it('remembers when a device was last seen, and only forward', async () => {
      const ada = await somebody(store());
      await store().touchDevice(ada.device, 8_000);
      await store().touchDevice(ada.device, 7_000);
      expect((await store().device(ada.device))?.device.lastSeen).toBe(8_000);
    });
  });
}
