import { APPROVED_TYPE, approvedEvent } from '#protocol/crypto/approving';
import { type ConversationId, type DeviceId, type UserId } from '#protocol/ids';
import { keyUserOf, type DeviceKeys } from '#protocol/keys/objects';
import { err, ok } from '#protocol/result';
import { approveDevice, codeOfDevice } from './approval.ts';
import { base64, random } from './bytes.ts';
import { deviceCode, readDeviceCode } from './device-code.ts';
import { standing } from './identity.ts';
import { boxKey } from './sealed-box.ts';
import { newId, person, TestDevice } from './testing/people.ts';
import { ServerDouble } from './testing/server-double.ts';

/** Mira's phone has her secrets; her laptop has signed in, and nothing more. */
async function signedIn() {
  const server = new ServerDouble();
  const userId = newId<UserId>();
  const phone = await TestDevice.open(server, { userId, deviceId: newId() });
  await phone.secrets.make({ wrappingKey: await boxKey(random(32)) });
  const laptop = await TestDevice.open(server, { userId, deviceId: newId() });
  await laptop.catchUp();
  const approve = (code: string, by = phone) => approveDevice(by.olm, by.secrets, by.events, code);
  return { server, userId, phone, laptop, approve };
}

/** What came last for an approval, as the page of the new device takes it out. */
async function boxFor(device: TestDevice): Promise<string> {
  const { events } = await device.catchUp();
  const { content } = events.findLast(({ type }) => type === APPROVED_TYPE)!;
  return approvedEvent.parse(content).box;
}

describe('a new device that another one approves', () => {
  it('EE16a is signed, listed and has the secrets, and reads what is written from then on', async () => {
    const { server, userId, phone, laptop, approve } = await signedIn();
    const [jonas] = (await person(server, 1)) as [TestDevice];
    const { code, secret } = codeOfDevice(laptop.olm);
    expect(await approve(code)).toEqual(ok(laptop.address));
    expect(await laptop.secrets.open({ by: 'device', secret, box: await boxFor(laptop) })).toEqual(ok(null));
    expect(await standing(laptop.olm)).toBe('own');
    expect((await laptop.secrets.kept())?.secrets).toEqual((await phone.secrets.kept())?.secrets);
    await jonas.catchUp();
    const written = await jonas.write(newId<ConversationId>(), [userId, jonas.address.userId], 'to both');
    for (const device of [phone, laptop]) {
      await device.catchUp();
      expect(written.ok && (await device.read(written.value))).toBe('“to both”');
    }
  });

  it('EE16a is approved once more where the page of the first attempt has ended', async () => {
    const { server, laptop, approve } = await signedIn();
    const { code, secret } = codeOfDevice(laptop.olm);
    for (const lost of ['PUT /api/keys/device-list', 'POST /api/keys/signatures', 'PUT /api/to-device']) {
      server.tamper = (_who, request, answer) => {
        if (request === lost) throw new Error('the page has ended');
        return answer;
      };
      await expectAsync(approve(code)).withContext(lost).toBeRejected();
    }
    server.tamper = (_who, _request, answer) => answer;
    expect((await approve(code)).ok).toBeTrue();
    expect((await laptop.secrets.open({ by: 'device', secret, box: await boxFor(laptop) })).ok).toBeTrue();
  });

  it('EE16b takes nothing from who has not seen its code: not its server, and not a box for another device', async () => {
    const { phone, laptop, approve, server, userId } = await signedIn();
    const tablet = await TestDevice.open(server, { userId, deviceId: newId() });
    await tablet.catchUp();
    const [shown, other] = [codeOfDevice(laptop.olm), codeOfDevice(tablet.olm)];
    // A server that makes up a code of its own for the same device.
    const forged = deviceCode({
      device: laptop.address,
      key: laptop.olm.library.identityKeys.ed25519.toBase64(),
      secret: base64(random(32)),
    });
    await approve(forged);
    const box = await boxFor(laptop);
    expect(await laptop.secrets.open({ by: 'device', secret: shown.secret, box })).toEqual(err('not-opened'));
    await approve(other.code);
    const theirs = await boxFor(tablet);
    expect(await laptop.secrets.open({ by: 'device', secret: other.secret, box: theirs })).toEqual(err('not-opened'));
    expect(await standing(laptop.olm)).toBe('locked');
    expect(await standing(phone.olm)).toBe('own');
  });

  it('EE16c is not approved with another key than its code says, nor as somebody else, nor by a locked device', async () => {
    const { server, userId, phone, laptop, approve } = await signedIn();
    const { code } = codeOfDevice(laptop.olm);
    const stranger = await TestDevice.open(server, { userId: newId(), deviceId: newId() });
    expect(await approve(codeOfDevice(stranger.olm).code)).toEqual(err('other-person'));
    expect(await approve(code, laptop)).toEqual(err('not-own'));
    expect(await approve('PARLEY1:AAAA')).toEqual(err('unreadable'));
    expect(await approve('PARLEY-DEVICE2:AAAA')).toEqual(err('other-version'));
    const devices = server.devices.get(keyUserOf(userId))!;
    const keys = devices.get(laptop.address.deviceId)!;
    devices.delete(laptop.address.deviceId);
    expect(await approve(code)).toEqual(err('unknown-device'));
    const evil = await TestDevice.open(server, { userId, deviceId: laptop.address.deviceId });
    await evil.olm.pump();
    const swapped: DeviceKeys = devices.get(laptop.address.deviceId)!;
    expect(swapped.keys).not.toEqual(keys.keys);
    const before = server.lists.get(keyUserOf(userId));
    expect(await approve(code)).toEqual(err('other-key'));
    expect(server.lists.get(keyUserOf(userId))).toEqual(before);
    expect(server.inboxOf(laptop.address)).toEqual([]);
    expect(await standing(phone.olm)).toBe('own');
  });

  it('has a code that reads back as it was made, and no other text is one', () => {
    const made = {
      device: { userId: newId<UserId>(), deviceId: newId<DeviceId>() },
      key: base64(random(32)),
      secret: base64(random(32)),
    } as const;
    expect(readDeviceCode(deviceCode(made))).toEqual(ok(made));
    for (const text of [
      '',
      'PARLEY-DEVICE1:',
      deviceCode(made).slice(0, -4),
      `${deviceCode(made)}AAAA`,
      'https://parley.local/',
    ]) {
      expect(readDeviceCode(text)).withContext(text).toEqual(err('unreadable'));
    }
  });
});
