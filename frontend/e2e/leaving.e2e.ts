import type { Page } from 'playwright-core';
import { WITH_WORKER } from './chromium.ts';
import { acquainted, Installation } from './installation.ts';
import { PASSWORD, Person } from './person.ts';
import { Profile } from './profile.ts';
import { until } from './until.ts';

/** The databases of people that a page's profile keeps: neither the one that only names the device, nor the box of shares. */
const kept = (page: Page): Promise<string[]> =>
  page.evaluate(async () =>
    (await indexedDB.databases()).flatMap(({ name }) =>
      name?.startsWith('parley-') && name !== 'parley-share' ? [name] : [],
    ),
  );

/** Those of the keys: no answer of the server takes them away. */
const isOfKeys = (name: string): boolean => /-(key|machine.*)$/.test(name);

/**
 * The person is signed out on this device.
 * @param stays what of theirs stays on it: keys, where the server has signed it out
 */
async function isOut(person: Person, stays: 'nothing' | 'keys' = 'nothing'): Promise<void> {
  await person.page.getByRole('heading', { name: 'Sign in' }).waitFor();
  await until(
    `${person.name}'s messages are gone from the device`,
    () => kept(person.page),
    names => names.filter(name => stays === 'nothing' || !isOfKeys(name)).length === 0,
  );
}

/** At the door to which they were led. */
async function signsIn(person: Person, password = PASSWORD): Promise<void> {
  await person.page.getByLabel('Username').fill(person.username);
  await person.page.getByLabel('Password', { exact: true }).fill(password);
  await person.page.getByRole('button', { name: 'Sign in', exact: true }).click();
  await person.isIn();
}

describe('Somebody', () => {
  let installation: Installation;

  beforeAll(async () => {
    installation = await Installation.open();
  });
  afterAll(async () => expect(await installation.close()).toEqual([]));

  describe('leaves a device', () => {
    let mira: Person;
    let jonas: Person;
    let tablet: Person;

    beforeAll(async () => {
      [mira, jonas] = await installation.miraAndJonas(WITH_WORKER);
    });

    it('by signing out, is warned of what was not sent, and leaves nothing behind', async () => {
      await mira.openChat(jonas);
      await installation.server.stop();
      await mira.write('Still on its way');
      await mira.go('Settings');
      await mira.page.getByRole('button', { name: 'Sign out' }).click();
      const dialog = mira.page.getByRole('dialog', { name: 'Sign out?' });
      await dialog.getByText('1 message has not been sent yet and would be lost.').waitFor();
      await dialog.getByRole('button', { name: 'Cancel' }).click();
      await installation.server.start();
      await jonas.openChat(mira);
      await jonas.reads('Still on its way');
      await mira.isLive();
      expect((await kept(mira.page)).filter(name => !isOfKeys(name))).toHaveSize(1);
      await mira.page.getByRole('button', { name: 'Sign out' }).click();
      await dialog.getByText('Your messages are deleted from this device.').waitFor();
      await dialog.getByRole('button', { name: 'Sign out' }).click();
      await isOut(mira);
      await signsIn(mira);
      await mira.openChat(jonas);
      await mira.reads('Still on its way');
    });

    it('that was signed out with all the others, while the one that asked for it stays', async () => {
      tablet = await installation.another(jonas);
      const phone = await installation.another(jonas);
      await jonas.open('/settings/devices');
      await jonas.page.getByRole('button', { name: 'Sign out everywhere else' }).click();
      await jonas.page.getByRole('dialog').getByRole('button', { name: 'Sign out everywhere else' }).click();
      await Promise.all([isOut(tablet, 'keys'), isOut(phone, 'keys')]);
      await jonas.page.getByText('No other devices.').waitFor();
      await jonas.isLive();
    });

    it('whose password was changed on another, and comes in by the new one', async () => {
      await signsIn(tablet);
      await jonas.open('/settings/password');
      const { page } = jonas;
      const next = 'nine boats under the bridge';
      await page.getByLabel('Current password').fill('not the right one');
      await page.getByLabel('New password').fill(next);
      await page.getByRole('button', { name: 'Change password' }).click();
      await page.getByText('The current password is wrong.').waitFor();
      await page.getByLabel('Current password').fill(PASSWORD);
      await page.getByRole('button', { name: 'Change password' }).click();
      await page.getByText('Your password is changed.').waitFor();
      await isOut(tablet, 'keys');
      await signsIn(tablet, next);
      await jonas.isLive();
    });
  });

  describe('stays signed in', () => {
    it('over a restart of the browser', async () => {
      const profile = await Profile.make();
      const first = await profile.open();
      const ada = await new Person('Ada Okafor', first, await first.newPage(), installation.server.origin).signUp();
      await first.close();
      const second = await profile.open();
      const again = new Person('Ada Okafor', second, await second.newPage(), installation.server.origin);
      await again.open();
      await again.isIn();
      expect([...ada.complaints.all, ...again.complaints.all]).toEqual([]);
      await second.close();
      await profile.dispose();
    });

    it('over the end of a token, which is renewed without a word', async () => {
      const lin = await installation.arrival('Lin Zhao');
      await lin.page.clock.install();
      const noor = await installation.arrival('Noor Haddad');
      await acquainted(lin, noor);
      const renewed = lin.page.waitForResponse(answer => answer.url().endsWith('/api/auth/refresh'));
      await lin.page.clock.fastForward('11:00');
      expect((await renewed).status()).toBe(200);
      await lin.isLive();
      await lin.openChat(noor);
      await lin.write('Eleven minutes later');
      await noor.openChat(lin);
      await noor.reads('Eleven minutes later');
    });
  });
});
