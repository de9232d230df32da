import { keyState, keyStateChange, toDevice } from '#protocol/keys/api';
import { keyUserOf } from '#protocol/keys/objects';
import type { Delivery } from '../events/event.ts';
import { changeKeyring, claimKeys, sendToDevice, tellChanged } from '../keys/keys.ts';
import { createLog } from '../log.ts';
import { newDehydrated, newDeviceKeys, newFallbackKey, newOneTimeKeys } from '../testing/key-objects.ts';
import { LiveServer } from '../testing/live-server.ts';

describe('what a session hears of keys', () => {
  let live: LiveServer;
  beforeEach(async () => {
    live = await LiveServer.start();
  });
  afterEach(() => live.stop());

  it('KY15a, KY15b a welcome says what is left and what waits, and keys.state what has changed of it', async () => {
    const { store } = live;
    const [ada, bob] = [await live.people.person('ada'), await live.people.person('bob')];
    await live.people.befriend(ada, bob);
    const keys = newDeviceKeys(bob.userId, bob.deviceId);
    await store.changeKeyring('putDeviceKeys', bob.userId, { id: bob.deviceId, keys });
    const upload = {
      one_time_keys: newOneTimeKeys(bob.userId, bob.deviceId, 3),
      fallback_keys: newFallbackKey(bob.userId, bob.deviceId),
    };
    await store.putOneTimeKeys({ userId: bob.userId, deviceId: bob.deviceId }, upload, 1_000);
    const client = live.client();
    const state = keyState.parse((await client.hello(bob.token())).keys);
    const deps = { store, clock: live.time.clock, events: live.events, log: createLog('silent') };
    expect(state).toEqual({ oneTime: 3, unusedFallback: ['signed_curve25519'], changes: state.changes, inbox: 0 });
    const { userId, deviceId } = ada;
    const messages = { [keyUserOf(bob.userId)]: { [bob.deviceId]: { body: 'hello' } } };
    const request = toDevice.parse({ type: 'm.room.encrypted', messages });
    await sendToDevice(deps, { userId, deviceId }, 'txn', request);
    expect(keyStateChange.parse((await client.next('keys.state')).state)).toEqual({ inbox: 1 });
    await tellChanged(deps, ada.userId);
    expect(keyStateChange.parse((await client.next('keys.state')).state).changes).toBeGreaterThan(0);
  });

  /** What is told from now on, and what the verbs of keys need. */
  const listened = () => {
    const told: Delivery[] = [];
    live.events.on('deliver', ({ deliveries }) => void told.push(...deliveries));
    return { told, deps: { store: live.store, clock: live.time.clock, events: live.events, log: createLog('silent') } };
  };

  it('KY3c a claim is answered though what is left could not be read, and a dehydrated device is not told', async () => {
    const ada = await live.people.person('ada');
    const { told, deps } = listened();
    const device = newDehydrated(ada.userId);
    await changeKeyring(deps, 'putDehydrated', ada.userId, { replaces: null, device });
    const places = [ada.deviceId, device.device_id].map(deviceId => ({ userId: ada.userId, deviceId }));
    for (const of of places)
      await live.store.putOneTimeKeys(of, { one_time_keys: newOneTimeKeys(ada.userId, of.deviceId, 2) }, 1_000);
    told.length = 0;
    const user = keyUserOf(ada.userId);
    const asked = { [user]: Object.fromEntries(places.map(of => [of.deviceId, 'signed_curve25519' as const])) };
    const claim = async () => {
      const claimed = await claimKeys(deps, ada.userId, asked, () => Promise.resolve(true));
      return Object.keys(claimed.one_time_keys[user] ?? {}).sort();
    };
    const both = places.map(of => of.deviceId as string).sort();
    expect(await claim()).toEqual(both);
    const state = { oneTime: 1, unusedFallback: [] };
    expect(told).toEqual([{ userId: ada.userId, only: ada.deviceId, frame: { type: 'keys.state', state } }]);
    spyOn(live.store, 'keyCounts').and.rejectWith(new Error('away'));
    expect(await claim()).toEqual(both);
  });

  it('KY15b no one is told where a request changes nothing that others are shown', async () => {
    const ada = await live.people.person('ada');
    const { told, deps } = listened();
    const keys = newDeviceKeys(ada.userId, ada.deviceId);
    const put = () => changeKeyring(deps, 'putDeviceKeys', ada.userId, { id: ada.deviceId, keys });
    expect([await put(), told.length]).toEqual(['kept', 1]);
    expect([await put(), told.length]).toEqual(['kept', 1]);
    await changeKeyring(deps, 'putSecrets', ada.userId, { number: 1, sealed: {} });
    expect(told.length).toBe(1);
  });
});
