import type { Browser } from 'playwright-core';
import { faultsOf } from './accessibility.ts';
import { arriving } from './call-probe.ts';
import { Caller } from './caller.ts';
import { GROUND, openBrowser } from './chromium.ts';
import { ParleyServer } from './parley-server.ts';
import { Person } from './person.ts';
import { until } from './until.ts';

describe('A guest without an account', () => {
  let server: ParleyServer;
  let browsers: Browser[];
  let noor: Person;
  let heinrich: Person;
  const faults: string[] = [];

  beforeAll(async () => {
    server = await ParleyServer.start();
    // Two browsers, because a camera file belongs to a browser.
    browsers = await Promise.all([openBrowser(GROUND.mira), openBrowser(GROUND.jonas)]);
    [noor, heinrich] = await Promise.all([
      Person.at(browsers[0]!, server.origin, 'Noor Haddad'),
      Person.at(browsers[1]!, server.origin, 'Heinrich'),
    ]);
    await (await noor.register()).comesIn();
  });
  afterAll(async () => {
    expect([...noor.complaints.all, ...heinrich.complaints.all]).toEqual([]);
    await Promise.all(browsers.map(browser => browser.close()));
    await server.dispose();
  });

  const ask = (person: Person, name: string) => person.page.getByRole('button', { name }).click();
  /** Sees the picture of the other one. */
  const sees = ({ page }: Person, ground: number) =>
    until(
      'the other picture',
      () => arriving(page),
      now => now.frames > 0 && Math.abs(now.ground - ground) < 10,
    );

  it('CA42a, CA42b, CA43b knocks by a link, is turned away, asks again, and is let into one call', async () => {
    await noor.go('Calls');
    await noor.page.getByRole('link', { name: 'Invite a guest' }).click();
    await ask(noor, 'Make a link');
    await noor.page.getByText('For one guest and one call').waitFor();
    faults.push(...(await faultsOf(noor.page, 'the link for a guest')));
    const link = new URL(await noor.page.locator('parley-handed-link .link').innerText());
    expect(link.hash).toMatch(/^#[\w-]{22}$/);
    const path = `/guest${link.hash}`;

    await heinrich.open(path);
    await heinrich.page.getByRole('heading', { name: 'Noor Haddad invites you to a call' }).waitFor();
    await ask(heinrich, 'Ask to join');
    await heinrich.page.getByText('Type the name that is to be seen').waitFor();
    await heinrich.page.getByLabel('Your name in this call').fill('Heinrich');
    faults.push(...(await faultsOf(heinrich.page, 'a guest before the door')));
    await ask(heinrich, 'Ask to join');
    await heinrich.page.getByText('Noor Haddad sees that you are here').waitFor();
    faults.push(...(await faultsOf(heinrich.page, 'a guest who waits')));

    await noor.page.getByRole('heading', { name: '“Heinrich”' }).waitFor();
    await noor.page.getByText('Anybody with the link can type this name').waitFor();
    faults.push(...(await faultsOf(noor.page, 'a guest knocks', 'parley-guest-asks')));
    await ask(noor, 'Turn away');
    await heinrich.page.getByText('Noor Haddad has not let you in').waitFor();

    await ask(heinrich, 'Ask again');
    await ask(noor, 'Let in');
    await Promise.all([sees(noor, GROUND.jonas), sees(heinrich, GROUND.mira)]);
    const [hers, his] = [noor, heinrich].map(({ page }) => page.getByRole('button', { name: /Not verified/ }));
    expect(await hers!.getAttribute('aria-label')).toBe(await his!.getAttribute('aria-label'));
    faults.push(...(await faultsOf(heinrich.page, 'the call of a guest', 'parley-voice')));

    await new Caller(noor).hangsUp();
    await heinrich.page.getByRole('heading', { name: 'The call is over' }).waitFor();
    await heinrich.open('/sign-in');
    await heinrich.open(path);
    await heinrich.page.getByText('It was used, withdrawn, or is too old').waitFor();
    await new Caller(noor).closesOutcome();
    await noor.page.getByRole('button', { name: 'Make a link' }).waitFor();
    // Nothing of the call is kept.
    await noor.go('Calls');
    await noor.page.getByText('No calls yet').waitFor();
    expect(faults).toEqual([]);
  });
});
