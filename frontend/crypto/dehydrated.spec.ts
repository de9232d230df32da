import { DehydratedDeviceKey, type DehydratedDevices } from '@matrix-org/matrix-sdk-crypto-wasm';
import { type ConversationId, type UserId } from '#protocol/ids';
import { keyUserOf } from '#protocol/keys/objects';
import { deviceListOf } from '#protocol/crypto/device-list';
import { base64, random } from './bytes.ts';
import { changeDevices } from './identity.ts';
import { libraryDevice } from './olm.ts';
import { boxKey } from './sealed-box.ts';
import { clock, newId, person, TestDevice } from './testing/people.ts';
import { PausingServer } from './testing/pausing-server.ts';
import { ServerDouble } from './testing/server-double.ts';

const WEEK_MS = 7 * 24 * 60 * 60_000;

/** Mira has a phone and has tended her dehydrated device; Jonas knows her. */
async function acquainted() {
  const server = new ServerDouble();
  const userId = newId<UserId>();
  const user = keyUserOf(userId);
  const password = await boxKey(random(32));
  const phone = await TestDevice.open(server, { userId, deviceId: newId() });
  await phone.secrets.make({ wrappingKey: password });
  await phone.dehydrated.tend();
  const [jonas] = (await person(server, 1)) as [TestDevice];
  const members = [userId, jonas.address.userId];
  const conversation = newId<ConversationId>();
  const write = async (text: string) => {
    await jonas.catchUp();
    const written = await jonas.write(conversation, members, text);
    if (!written.ok) throw new Error(`not sealed: ${written.error.why}`);
    return written.value;
  };
  /** The last device of hers signs out. */
  const signOut = async (device: TestDevice) => {
    await changeDevices(device.olm, devices => devices.filter(id => id !== device.address.deviceId));
    server.devices.get(user)?.delete(device.address.deviceId);
  };
  /** She comes in at a new device by her password. */
  const comeIn = async () => {
    const device = await TestDevice.open(server, { userId, deviceId: newId() });
    await device.secrets.open({ by: 'password', wrappingKey: password });
    await device.catchUp();
    await device.backup.restore();
    return device;
  };
  const there = () =>
    (server.dehydrated.get(user) ?? []).map(
      ({ device, isRetired }) => `${device.device_id} ${isRetired ? 'retired' : 'current'}`,
    );
  const listed = () => deviceListOf(server.lists.get(user)!.signed)?.dehydrated ?? null;
  return { server, user, userId, phone, jonas, write, signOut, comeIn, there, listed };
}

describe('a dehydrated device', () => {
  it('EE17a stands on the list of its person, and has one key for all of their devices', async () => {
    const { server, phone, there, listed, comeIn } = await acquainted();
    expect(there()).toEqual([`${listed()} current`]);
    const laptop = await comeIn();
    await laptop.dehydrated.tend();
    expect(there()).toEqual([`${listed()} current`]);
    expect(base64(await laptop.secrets.dehydratedKey())).toBe(base64(await phone.secrets.dehydratedKey()));
    expect(JSON.stringify([...server.secrets.values()])).not.toContain(base64(await phone.secrets.dehydratedKey()));
  });

  it('EE17b receives while no other device is there: the next one reads it, and who has written is not asked', async () => {
    const { phone, write, signOut, comeIn, there, listed } = await acquainted();
    await signOut(phone);
    const [one, two] = [await write('while nobody was there'), await write('and once more')];
    const laptop = await comeIn();
    expect(await laptop.read(one)).toBe('no-key');
    expect(await laptop.dehydrated.tend()).toBeTrue();
    expect(await laptop.read(one)).toBe('“while nobody was there”');
    expect(await laptop.read(two)).toBe('“and once more”');
    expect(there()).toEqual([`${listed()} current`]);
    // What it has brought is in the backup: a further device has it, too.
    const tablet = await comeIn();
    expect(await tablet.read(one)).toBe('“while nobody was there”');
    expect(await laptop.dehydrated.tend()).toBeFalse();
  });

  it('EE17b is read to its end where the one who reads it is interrupted', async () => {
    const { server, phone, write, signOut, comeIn, there, listed } = await acquainted();
    await signOut(phone);
    const message = await write('while nobody was there');
    const laptop = await comeIn();
    for (const lost of [
      'POST /api/keys/dehydrated/take',
      'GET /api/keys/dehydrated/inbox',
      'PUT /api/backups/batches',
      'PUT /api/keys/dehydrated',
      'PUT /api/keys/device-list',
      'DELETE /api/keys/dehydrated',
    ]) {
      server.tamper = (_who, request, answer) => {
        if (request === lost) throw new Error('the page has ended');
        return answer;
      };
      await expectAsync(laptop.dehydrated.tend()).withContext(lost).toBeRejected();
    }
    server.tamper = (_who, _request, answer) => answer;
    await laptop.dehydrated.tend();
    expect(await laptop.read(message)).toBe('“while nobody was there”');
    expect(there()).toEqual([`${listed()} current`]);
  });

  it('EE17b keeps its inbox where it cannot be opened for another reason than its key', async () => {
    const { phone, write, signOut, comeIn } = await acquainted();
    await signOut(phone);
    const message = await write('while nobody was there');
    const laptop = await comeIn();
    const refusing = spyOn(laptop.olm.library, 'dehydratedDevices').and.returnValue({
      rehydrate: () => Promise.reject(new Error('the store did not answer')),
    } as unknown as DehydratedDevices);
    await expectAsync(laptop.dehydrated.tend()).toBeRejectedWithError('the store did not answer');
    refusing.and.callThrough();
    expect(await laptop.dehydrated.tend()).toBeTrue();
    expect(await laptop.read(message)).toBe('“while nobody was there”');
  });

  it('EE17c is left to another device that has taken it', async () => {
    const { server, user, phone, write, signOut, comeIn } = await acquainted();
    await signOut(phone);
    await write('while nobody was there');
    const laptop = await comeIn();
    server.dehydrated.get(user)![0]!.takenBy = newId();
    expect(await laptop.dehydrated.tend()).toBeFalse();
    expect(server.asked.includes('DELETE /api/keys/dehydrated')).toBeFalse();
  });

  it('EE17a is renewed each week, with a store that has lost it, and by a new identity that cannot read it', async () => {
    const { server, user, phone, there, listed } = await acquainted();
    const [first] = there();
    await phone.dehydrated.tend();
    expect(there()).toEqual([first!]);
    clock.now += WEEK_MS + 1;
    await phone.dehydrated.tend();
    const [second] = there();
    expect(second).not.toEqual(first);
    server.dehydrated.delete(user);
    await phone.dehydrated.tend();
    expect(there()).toEqual([`${listed()} current`]);
    await phone.secrets.make({ wrappingKey: await boxKey(random(32)), loginSecret: 'S'.repeat(43) });
    expect(listed()).toBeNull();
    await phone.dehydrated.tend();
    expect(there().length).toBe(1);
    expect(there()).toEqual([`${listed()} current`]);
  });

  for (const [where, pause] of [
    ['before a request', 'request'],
    ['before an answer', 'answer'],
  ] as const)
    it(`EE17a is one that the list names and every device opens, where two make it at once, one waiting ${where}`, async () => {
      const pausedAt: string[] = [];
      for (let nth = 1, before = -1; pausedAt.length > before; nth++) {
        before = pausedAt.length;
        const server = new ServerDouble();
        const slow = new PausingServer(server);
        const userId = newId<UserId>();
        const password = await boxKey(random(32));
        const laptop = await TestDevice.open(slow, { userId, deviceId: newId() });
        await laptop.secrets.make({ wrappingKey: password });
        const phone = await TestDevice.open(server, { userId, deviceId: newId() });
        await phone.secrets.open({ by: 'password', wrappingKey: password });
        await laptop.catchUp();
        let left = nth;
        const isNth = () => --left === 0;
        slow.pause(pause, isNth, async request => {
          pausedAt.push(request);
          await phone.dehydrated.tend();
        });
        await laptop.dehydrated.tend();
        const context = `${pausedAt.at(-1)}`;
        const [current, ...others] = server.dehydrated.get(keyUserOf(userId)) ?? [];
        const id = current?.device.device_id;
        expect(others).withContext(context).toEqual([]);
        expect(deviceListOf(server.lists.get(keyUserOf(userId))!.signed)?.dehydrated)
          .withContext(context)
          .toBe(id);
        for (const device of [laptop, phone]) {
          const key = DehydratedDeviceKey.createKeyFromArray(await device.secrets.dehydratedKey());
          const data = JSON.stringify(current?.device.device_data);
          await expectAsync(device.olm.library.dehydratedDevices().rehydrate(key, libraryDevice(id!), data))
            .withContext(context)
            .toBeResolved();
        }
      }
      expect(pausedAt).toContain('PUT /api/secrets');
      expect(pausedAt).toContain('PUT /api/keys/device-list');
    });

  it('is not made by a device that has no secrets', async () => {
    const { server, userId } = await acquainted();
    const locked = await TestDevice.open(server, { userId, deviceId: newId() });
    await locked.catchUp();
    const before = server.asked.length;
    expect(await locked.dehydrated.tend()).toBeFalse();
    expect(server.asked.length).toBe(before);
  });
});
