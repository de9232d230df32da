import { randomUUID } from 'node:crypto';
import type { DeviceId } from '#protocol/ids';
import { anId } from '#protocol/testing/ids';
import type { NewPush } from '../push.ts';
import type { Store } from '../store.ts';
import { newDevice, somebody } from './people.ts';
import { newId } from '../../testing/new-id.ts';

const newPush = (deviceId: DeviceId, changes: Partial<NewPush> = {}): NewPush => ({
  deviceId,
  endpoint: `https://push.example/${randomUUID()}`,
  p256dh: 'point',
  auth: 'secret',
  language: 'de',
  key: 'key',
  at: 2_000,
  ...changes,
});

export function describePush(store: () => Store): void {
  const endpoints = async (...devices: DeviceId[]) => {
    const rows = await store().pushSubscriptions();
    return devices.map(id => rows.filter(({ deviceId }) => deviceId === id).map(({ endpoint }) => endpoint));
  };

  describe('push subscriptions', () => {
    it('S20: a device has one, whole, of its account', async () => {
      const ada = await somebody(store());
      const [first, second] = [newPush(ada.device), newPush(ada.device, { language: 'en', at: 3_000 })];
      expect(await store().subscribePush(first)).toBe('subscribed');
      expect(await store().subscribePush(second)).toBe('subscribed');
      const rows = await store().pushSubscriptions();
      expect(rows.filter(({ userId }) => userId === ada.id)).toEqual([{ ...second, userId: ada.id }]);
      expect(await store().subscribePush(newPush(newId()))).toBe('unknown-device');
    });

    it('S20: an endpoint moves to the device that asks, be it of another account', async () => {
      const [ada, eve] = await Promise.all([somebody(store()), somebody(store())]);
      const { endpoint } = newPush(ada.device);
      await store().subscribePush(newPush(ada.device, { endpoint }));
      await store().subscribePush(newPush(eve.device, { endpoint }));
      expect(await endpoints(ada.device, eve.device)).toEqual([[], [endpoint]]);
    });

    it('S20: of twenty devices that ask at the same time one has the endpoint', async () => {
      const people = await Promise.all(Array.from({ length: 20 }, () => somebody(store())));
      const { endpoint } = newPush(anId(''));
      await Promise.all(people.map(({ device }) => store().subscribePush(newPush(device, { endpoint }))));
      const held = (await endpoints(...people.map(({ device }) => device))).flat();
      expect(held).toEqual([endpoint]);
    });

    it('S21: goes with its device, its account and a new password of another device', async () => {
      const [ada, bob, cem] = await Promise.all([somebody(store()), somebody(store()), somebody(store())]);
      const phone = newDevice(cem.id);
      await store().signInDevice(phone);
      for (const id of [ada.device, bob.device, cem.device, phone.id]) await store().subscribePush(newPush(id));
      await store().removeDevice(ada.id, ada.device);
      await store().deleteUser(bob.id);
      await store().changePassword(cem.id, 'hash', cem.device);
      const left = await endpoints(ada.device, bob.device, cem.device, phone.id);
      expect(left.map(held => held.length)).toEqual([0, 0, 1, 0]);
    });

    it('S21: is ended by its device, and only as long as it is the same', async () => {
      const ada = await somebody(store());
      const [old, current] = [newPush(ada.device), newPush(ada.device)];
      await store().subscribePush(old);
      await store().subscribePush(current);
      await store().unsubscribePush(ada.device, old.endpoint);
      expect(await endpoints(ada.device)).toEqual([[current.endpoint]]);
      await store().unsubscribePush(ada.device);
      expect(await endpoints(ada.device)).toEqual([[]]);
    });

    it('S23: what it was told of only grows, and is not told of an endpoint that is gone', async () => {
      const ada = await somebody(store());
      const [old, current] = [newPush(ada.device), newPush(ada.device)];
      const told = async () => {
        const rows = await store().pushSubscriptions();
        return rows.find(({ deviceId }) => deviceId === ada.device)?.at;
      };
      await store().subscribePush(current);
      await store().toldPush(ada.device, current.endpoint, 9_000);
      await store().toldPush(ada.device, current.endpoint, 8_000);
      await store().toldPush(ada.device, old.endpoint, 10_000);
      expect(await told()).toBe(9_000);
    });

    it('S22: is dropped where it was made with another key, or its session is over', async () => {
      const people = await Promise.all(Array.from({ length: 4 }, () => somebody(store())));
      const [fresh, rekeyed, ended, idle] = people;
      await store().signInDevice(newDevice(fresh!.id, { id: fresh!.device, at: 9_000 }));
      await store().signInDevice(newDevice(rekeyed!.id, { id: rekeyed!.device, at: 9_000 }));
      await store().signInDevice(newDevice(ended!.id, { id: ended!.device, at: 9_000, tokenHash: `${ended!.id}` }));
      for (const { device } of people) await store().subscribePush(newPush(device));
      await store().subscribePush(newPush(rekeyed!.device, { key: 'another' }));
      const rotation = { deviceId: ended!.device, tokenHash: `${ended!.id}`, successorHash: randomUUID(), at: 20_000 };
      await store().rotateRefreshToken({ ...rotation, graceMs: 1, idleMs: 10, absoluteMs: 1e9 });
      const dropped = await store().dropStalePush({ key: 'key', refreshedSince: 5_000, signedInSince: 5_000 });
      for (const gone of [rekeyed!, ended!, idle!]) expect(dropped).toContain(gone.device);
      expect(dropped).not.toContain(fresh!.device);
      const left = await endpoints(...people.map(({ device }) => device));
      expect(left.map(held => held.length)).toEqual([1, 0, 0, 0]);
    });
  });
}
