import { type UserId } from '#protocol/ids';
import { person, type TestDevice } from './testing/people.ts';
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
});
