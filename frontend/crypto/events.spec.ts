import { type ConversationId, type UserId } from '#protocol/ids';
import { type Caught } from './arrived.ts';
import { makeIdentity } from './identity.ts';
import { anotherDevice, newId, person, TestDevice } from './testing/people.ts';
import { ServerDouble } from './testing/server-double.ts';

const uploads = (server: ServerDouble): number =>
  server.asked.filter(request => request === 'POST /api/keys/upload').length;

/** A device of Mira's and one of Jonas's, who know each other's keys. */
async function two() {
  const server = new ServerDouble();
  const [mira] = (await person(server, 1)) as [TestDevice];
  const [jonas] = (await person(server, 1)) as [TestDevice];
  const members: UserId[] = [mira.address.userId, jonas.address.userId];
  for (const device of [mira, jonas]) {
    await device.catchUp();
    await device.olm.follow(members);
  }
  return { server, mira, jonas, members };
}

describe('events from device to device', () => {
  it('have new one-time keys made where few are left, once for each time that the server says so', async () => {
    const { server, mira, jonas } = await two();
    const seat = [...server.oneTimeKeys.keys()].find(key => key.includes(jonas.address.deviceId))!;
    const kept = Object.entries(server.oneTimeKeys.get(seat)!);
    server.oneTimeKeys.set(seat, Object.fromEntries(kept.slice(0, 3)));
    const before = uploads(server);
    await jonas.catchUp();
    expect(uploads(server)).toBe(before + 1);
    expect(Object.keys(server.oneTimeKeys.get(seat)!).length).toBeGreaterThan(40);
    for (let i = 0; i < 3; i++) {
      const sealed = await mira.events.sealFor(jonas.address, 'call.offer', { i });
      expect((await jonas.events.openFrom(mira.address.userId, sealed.ok ? sealed.value : '')).ok).toBeTrue();
      await jonas.olm.pump();
    }
    expect(uploads(server)).toBe(before + 1);
  });

  it('keep the key of a session that opens more, where a device that was away gets two of one session', async () => {
    const { server, mira, jonas, members } = await two();
    const laptop = await anotherDevice(server, mira.address.userId, mira);
    for (const device of [mira, laptop]) await device.catchUp();
    await laptop.olm.follow(members);
    const conversationId = newId<ConversationId>();
    const write = async (device: TestDevice) => {
      const written = await device.write(conversationId, members, 'hello');
      if (!written.ok) throw new Error(written.error.why);
      return written.value;
    };
    // Each begins an Olm session with the other before it has heard of the other's: the library shares the Megolm session once more.
    await write(laptop);
    const entries = [await write(mira), await write(mira)];
    await mira.catchUp();
    entries.push(await write(mira));
    for (const reader of [laptop, jonas]) {
      await reader.catchUp();
      for (const entry of entries) expect(await reader.read(entry)).toBe('“hello”');
    }
  });

  it('are sealed and opened in a call while the server answers nothing, once both ends were ready', async () => {
    const { server, mira, jonas } = await two();
    expect(await mira.events.readyFor(jonas.address)).toBeNull();
    expect(await jonas.events.readyFor(mira.address)).toBeNull();
    await mira.olm.turns.idle();
    await jonas.olm.turns.idle();
    server.tamper = () => {
      throw new Error('the network is gone');
    };
    for (const [from, to] of [
      [mira, jonas],
      [jonas, mira],
      [mira, jonas],
    ] as const) {
      const sealed = await from.events.sealFor(to.address, 'call.offer', {});
      expect((await to.events.openFrom(from.address.userId, sealed.ok ? sealed.value : '')).ok).toBeTrue();
    }
  });

  it('reach every device on a person’s list at once, one’s own but this, and none where the identity is doubted', async () => {
    const { server, mira, jonas } = await two();
    const jonass = await anotherDevice(server, jonas.address.userId, jonas);
    await TestDevice.open(server, { ...jonas.address, deviceId: newId() }).then(unlisted => unlisted.olm.pump());
    await mira.catchUp();
    const before = server.asked.filter(request => request === 'PUT /api/to-device').length;
    expect((await mira.events.sendToAll(jonas.address.userId, 'parley.hello', { i: 1 })).ok).toBeTrue();
    expect(server.asked.filter(request => request === 'PUT /api/to-device').length).toBe(before + 1);
    for (const device of [jonas, jonass]) {
      const { events } = await device.catchUp();
      expect(events).toEqual([{ from: mira.address, type: 'parley.hello', content: { i: 1 }, number: 1 }]);
    }
    await jonas.events.sendToAll(jonas.address.userId, 'parley.hello', { i: 2 });
    expect((await jonas.catchUp()).events.length).toBe(1);
    expect((await jonass.catchUp()).events.length).toBe(2);
    const alone = await mira.events.sendToAll(mira.address.userId, 'parley.hello', {});
    expect(alone).toEqual({ ok: false, error: { why: 'no-device', who: mira.address.userId } });
    const evil = await TestDevice.open(server, { userId: jonas.address.userId, deviceId: newId() });
    await makeIdentity(evil.olm, 'x'.repeat(43));
    await mira.catchUp();
    const doubted = await mira.events.sendToAll(jonas.address.userId, 'parley.hello', {});
    expect(doubted.ok ? null : doubted.error.why).toBe('identity-changed');
  });

  it('EE6b are given again until they were acted on, also after a crash, and confirmed to the server once they are kept', async () => {
    const { server, mira, jonas } = await two();
    for (const i of [1, 2, 3]) await mira.events.send(jonas.address, 'parley.again', { i });
    const numbersOf = ({ events }: Caught) =>
      events.map(({ number, content }) => [number, (content as { i: number }).i]);
    expect(numbersOf(await jonas.catchUp())).toEqual([1, 2, 3].map(i => [i, i]));
    expect(server.inboxOf(jonas.address)).toEqual([]);
    const next = await TestDevice.open(server, jonas.address, jonas.storeName);
    expect(numbersOf(await next.catchUp())).toEqual([1, 2, 3].map(i => [i, i]));
    await next.events.forget(2);
    await mira.events.send(jonas.address, 'parley.again', { i: 4 });
    expect(numbersOf(await next.catchUp())).toEqual([3, 4].map(i => [i, i]));
  });

  it('EE6b are not confirmed where they could not be kept', async () => {
    const { server, mira, jonas } = await two();
    await mira.events.send(jonas.address, 'parley.again', {});
    const { rows } = jonas.olm;
    const broken = spyOn(rows, 'put').and.callFake(() => Promise.reject(new Error('the disk is full')));
    await expectAsync(jonas.catchUp()).toBeRejectedWithError('the disk is full');
    broken.and.callThrough();
    expect(server.inboxOf(jonas.address).length).toBe(1);
  });
});
