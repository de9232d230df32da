import { suiteNeeds } from '../../scripts/suite-needs.ts';
import { Caller } from './caller.ts';
import { FirefoxPerson } from './firefox-person.ts';
import { Installation } from './installation.ts';
import type { Person } from './person.ts';
import { PushForFirefox } from './push-for-firefox.ts';
import { until } from './until.ts';

suiteNeeds(['chromium', 'firefox', 'certutil'], 'A closed Parley in stock Firefox', () => {
  let push: PushForFirefox;
  let installation: Installation;
  let mira: Person;
  let jonas: FirefoxPerson;
  let caller: Caller;

  beforeAll(async () => {
    push = await PushForFirefox.start();
    const { hosts, rootFile } = push.service;
    installation = await Installation.open({ PUSH_HOSTS: hosts, NODE_EXTRA_CA_CERTS: rootFile });
    const { preferences, profile } = push;
    [mira, jonas] = await Promise.all([
      installation.member('Mira Sand'),
      FirefoxPerson.at(installation.server.origin, 'Jonas Weber', { preferences, profile }).then(one => one.signUp()),
    ]);
    caller = new Caller(mira);
    await mira.ask(jonas);
    await jonas.accept(mira);
    // What is written to him waits until the server has his keys, and he leaves the app in the next moment.
    await jonas.page.goto(`${installation.server.origin}/chats`);
    await mira.openChat(jonas);
    await mira.write('Good morning');
    await jonas.reads('*', 'Good morning');
  });
  afterAll(async () => {
    await jonas.close();
    expect(await installation.close()).toEqual([]);
    await push.stop();
  });

  /** On a picture of the origin: the worker is there, the app is not. */
  async function isClosed(): Promise<void> {
    await jonas.page.goto(`${installation.server.origin}/icons/mark-192.png`);
  }
  const shown = () =>
    jonas.page.evaluate(async () => {
      const worker = await navigator.serviceWorker.getRegistration();
      const all = (await worker?.getNotifications()) ?? [];
      return all.map(({ title, body }) => `${title}: ${body}`);
    });
  const shows = (line: string) => until(`Firefox shows ${line}`, shown, lines => lines.join() === line);

  it('turns notifications on, tries them, and is told of a message by a name alone', async () => {
    await jonas.page.goto(`${installation.server.origin}/settings/notifications`);
    await jonas.press('Turn on');
    await jonas.reads('span', 'Messages and calls reach this device');
    await jonas.press('Send');
    await shows('Parley: Notifications work on this device.');
    await isClosed();
    await mira.openChat(jonas);
    await mira.write('The boat leaves at six');
    await until('a message was pushed', shown, lines => lines.includes('Mira Sand: Sent you a message'));
    await jonas.page.goto(`${installation.server.origin}/chats`);
    await jonas.openChat(mira);
    await until('what was read is gone', shown, lines => !lines.includes('Mira Sand: Sent you a message'));
  });

  it('is rung, and told that it missed the call, by one notification', async () => {
    await isClosed();
    await jonas.page.evaluate(async () => {
      const worker = await navigator.serviceWorker.getRegistration();
      for (const one of (await worker?.getNotifications()) ?? []) one.close();
    });
    await caller.calls(jonas);
    await shows('Mira Sand: Video call');
    await caller.presses('Cancel call');
    await shows('Mira Sand: Missed call');
  });

  it('is rung, opened, and answers', async () => {
    await isClosed();
    await caller.closesOutcome();
    await caller.calls(jonas);
    await until('the ring is pushed', shown, lines => lines.includes('Mira Sand: Video call'));
    await jonas.page.goto(`${installation.server.origin}/chats`);
    await jonas.reads('parley-incoming-call', 'Mira Sand');
    await until(
      'the page rings in place of the notification',
      shown,
      lines => !lines.includes('Mira Sand: Video call'),
    );
    await jonas.press('Accept');
    await jonas.press('Hang up');
  });
});
