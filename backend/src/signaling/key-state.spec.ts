import { keyState, keyStateChange, toDevice } from '#protocol/keys/api';
import { keyUserOf } from '#protocol/keys/objects';
import { sendToDevice, tellChanged } from '../keys/keys.ts';
import { createLog } from '../log.ts';
import { newDeviceKeys, newFallbackKey, newOneTimeKeys } from '../testing/key-objects.ts';
import { LiveServer } from '../testing/live-server.ts';

describe('what a session hears of keys', () => {
  let live: LiveServer;
  beforeEach(async () => {
    live = await LiveServer.start();
  });
  afterEach(() => live.stop());

  it('KY15 a welcome says what is left and what waits, and keys.state what has changed of it', async () => {
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
});
