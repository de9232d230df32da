import type { DeviceId, UserId } from '#protocol/ids';
import { DEVICE_UNHEARD_MS, KEYS_PAGE_BYTES } from '#protocol/keys/limits';
import { keyUserOf } from '#protocol/keys/objects';
import { createLog } from '../log.ts';
import type { KeyringRow, ToDeviceSend } from '../store/keys.ts';
import type { Store } from '../store/store.ts';
import { newDeviceKeys } from '../testing/key-objects.ts';
import { newId } from '../testing/new-id.ts';
import { testClock } from '../testing/test-clock.ts';
import { NO_KEYRING } from './keyring.ts';
import { queryKeys, sendToDevice } from './keys.ts';

describe('the keys of people one shares with', () => {
  const clock = testClock();
  const me = newId<UserId>();
  let rows: KeyringRow[];
  let sent: ToDeviceSend[];
  const person = (devices: number, seenAt = clock.now()): KeyringRow => {
    const userId = newId<UserId>();
    const ids = Array.from({ length: devices }, () => newId<DeviceId>());
    const keys = ids.map(id => ({ id, keys: newDeviceKeys(userId, id) }));
    return { userId, ring: { ...NO_KEYRING, devices: keys }, seen: new Map(ids.map(id => [id, seenAt])) };
  };
  const deps = () => {
    const store = {
      sharing: async () => rows.map(({ userId }) => userId),
      keyrings: async (users: readonly UserId[]) => users.flatMap(user => rows.filter(({ userId }) => userId === user)),
      sendToDevice: async (send: ToDeviceSend) => {
        sent.push(send);
        return { given: [], full: [] };
      },
    } as unknown as Store;
    return { store, clock, events: { say: () => undefined }, log: createLog('silent') };
  };
  beforeEach(() => {
    rows = [];
    sent = [];
  });

  it('KY2b are found a page of 1 MB at a time, each of which answers at least one person', async () => {
    const one = Buffer.byteLength(JSON.stringify(person(1).ring.devices));
    rows = Array.from({ length: 3 }, () => person(Math.ceil(KEYS_PAGE_BYTES / one)));
    const asked = rows.map(({ userId }) => userId);
    const first = await queryKeys(deps(), me, asked);
    expect(Object.keys(first.device_keys)).toEqual([keyUserOf(asked[0]!)]);
    expect(first.unanswered).toEqual(asked.slice(1).map(keyUserOf));
    const few = await queryKeys(deps(), me, []);
    expect([few.device_keys, few.unanswered]).toEqual([{}, []]);
  });

  it('KY8b get no event at a device that was not heard of for 60 days', async () => {
    const [lately, long] = [person(1, clock.now() - DEVICE_UNHEARD_MS + 1), person(1, clock.now() - DEVICE_UNHEARD_MS)];
    rows = [lately, long];
    const messages = Object.fromEntries(rows.map(({ userId }) => [keyUserOf(userId), { '*': { to: 'all' } }]));
    const from = { userId: me, deviceId: newId<DeviceId>() };
    expect(await sendToDevice(deps(), from, 'txn', { type: 'x', messages })).toBeUndefined();
    expect(sent.flatMap(({ events }) => events.map(({ userId }) => userId))).toEqual([lately.userId]);
  });
});
