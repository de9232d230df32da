import type { Browser } from 'playwright-core';
import { befriend, signIn, signUp } from '../../backend/src/testing/browser.ts';
import { openBrowser } from './chromium.ts';
import { bytes, MachineDevice, machineFiles } from './machine-device.ts';
import { ParleyServer } from './parley-server.ts';

describe('machines in workers, over the real verbs', () => {
  let server: ParleyServer;
  let browser: Browser;
  beforeAll(async () => {
    [server, browser] = await Promise.all([ParleyServer.start(), openBrowser()]);
  });
  afterAll(async () => {
    await browser.close();
    await server.dispose();
  });

  it('let two people read each other, give a new device the history, and keep a removed one out', async () => {
    const { origin } = server;
    const files = await machineFiles();
    const [ada, bob] = [await signUp(origin, 'ada'), await signUp(origin, 'bob')];
    const conversationId = await befriend(ada, bob);
    const members = [ada.id, bob.id];
    const adas = await MachineDevice.open(browser, origin, ada, files);
    const bobs = await MachineDevice.open(browser, origin, bob, files);
    expect(await adas.call('standing', null)).toBe('none');
    const code = await adas.call('makeIdentity', { wrappingKey: bytes(1) });
    expect(await bobs.call('makeIdentity', { wrappingKey: bytes(2) })).not.toBeNull();
    for (const device of [adas, bobs]) await device.catchesUp();
    const early = await adas.writes(conversationId, members, 'before the laptop');
    expect(await bobs.reads(early)).toBe('before the laptop');
    const reply = await bobs.writes(conversationId, members, 'and its answer');
    expect(await adas.reads(reply)).toBe('and its answer');

    const laptop = await MachineDevice.open(browser, origin, await signIn(origin, 'ada'), files);
    expect(await laptop.call('standing', null)).toBe('locked');
    expect(await laptop.call('openSecrets', { by: 'password', wrappingKey: bytes(2) })).toEqual({
      ok: false,
      error: 'not-opened',
    });
    expect((await laptop.call('openSecrets', { by: 'password', wrappingKey: bytes(1) })).ok).toBeTrue();
    await laptop.call('follow', members);
    expect(await laptop.reads(early)).toBe('no-key');
    expect(await laptop.call('restore', null)).toEqual({ ok: true, value: { imported: 2, refused: 0, left: 0 } });
    expect(await laptop.reads(early)).toBe('before the laptop');
    expect(await laptop.reads(reply)).toBe('and its answer');
    const tablet = await MachineDevice.open(browser, origin, await signIn(origin, 'ada'), files);
    expect((await tablet.call('openSecrets', { by: 'recovery', code })).ok).toBeTrue();
    await bobs.catchesUp();
    const late = await bobs.writes(conversationId, members, 'to all of them');
    for (const device of [adas, laptop, tablet]) expect(await device.reads(late)).toBe('to all of them');

    // The server goes on carrying what is for the device: it is the list that keeps it out.
    await adas.call('removeDevices', [laptop.own.deviceId]);
    await bobs.catchesUp();
    const last = await bobs.writes(conversationId, members, 'without the laptop');
    expect(await adas.reads(last)).toBe('without the laptop');
    expect(await tablet.reads(last)).toBe('without the laptop');
    expect(await laptop.reads(last)).toBe('no-key');
    expect(await laptop.call('standing', null)).toBe('removed');
    for (const device of [adas, bobs, laptop, tablet]) await device.call('close', null);
  });
});
