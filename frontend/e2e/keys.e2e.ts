import { faultsOf } from './accessibility.ts';
import { films, photographOf } from './filmed.ts';
import { Installation } from './installation.ts';
import { PASSWORD, type Person } from './person.ts';

/** Puts something else in the place of what has come of the password of this device, before the app reads it. */
async function withWrapping({ page }: Person, how: 'none' | 'another'): Promise<void> {
  await page.addInitScript(what => {
    let key: CryptoKey | undefined;
    void crypto.subtle
      .importKey('raw', new Uint8Array(32), 'AES-GCM', false, ['encrypt', 'decrypt'])
      .then(imported => (key = imported));
    const opening = indexedDB.open('parley', 1);
    opening.onsuccess = () => {
      const store = opening.result.transaction('identity', 'readwrite').objectStore('identity');
      const reading = store.get('last');
      reading.onsuccess = () => {
        const { wrappingKey: before, ...row } = reading.result as Record<string, unknown>;
        // What was used is gone: it stays away after a reload.
        if (before === undefined) return;
        // The transaction is kept open until the key is imported.
        const write = (): void => {
          if (what === 'none') store.put(row, 'last');
          else if (key) store.put({ ...row, wrappingKey: key }, 'last');
          else store.count().onsuccess = write;
        };
        write();
      };
      opening.result.close();
    };
  }, how);
}

/** As a browser does that is short of space, while the app is closed. @param which names of databases */
async function forgetsDatabases(person: Person, which: RegExp): Promise<void> {
  // Of the same origin, also while no server is there.
  await person.page.route('**/nothing', route => route.fulfill({ contentType: 'text/html', body: '' }));
  await person.open('/nothing');
  await person.page.evaluate(async pattern => {
    for (const { name = '' } of await indexedDB.databases()) {
      if (new RegExp(pattern).test(name)) await new Promise(done => (indexedDB.deleteDatabase(name).onsuccess = done));
    }
  }, which.source);
}

describe('The key of a person', () => {
  let installation: Installation;
  let mira: Person;
  let jonas: Person;
  let code: string;

  beforeAll(async () => {
    installation = await Installation.open();
    [mira, jonas] = await installation.miraAndJonas();
  });
  // Not after a spec: a failure prints what the open pages show.
  beforeEach(() => installation.leaveOpen(mira, jonas));
  afterAll(async () => expect(await installation.close()).toEqual([]));

  /** A further device of Mira's, which has no key. */
  async function locked(): Promise<Person> {
    const device = await installation.arrival('Mira Sand');
    await device.addDevice();
    // It was signed in by a version without keys, and its password was not typed since.
    await withWrapping(device, 'none');
    await device.comesIn();
    await device.page.getByText('This device does not have your key yet.').waitFor();
    return device;
  }

  it('comes with a recovery code, which is owed until it is written down', async () => {
    const { page } = mira;
    await page.getByText('Write down your recovery code.').waitFor();
    await page.getByRole('link', { name: 'Show it' }).click();
    await page.getByRole('img', { name: 'QR code of your recovery code' }).locator('svg').waitFor();
    code = (await page.getByRole('list', { name: 'Recovery code' }).getByRole('listitem').allInnerTexts()).join(' ');
    expect(code).toMatch(/^(\w{4} ){7}\w{4}$/);
    expect(await faultsOf(page, 'recovery code')).toEqual([]);
    await page.getByLabel('I have written it down').check();
    await page.getByRole('button', { name: 'Continue' }).click();
    await page.getByRole('heading', { name: 'Chats', exact: true }).waitFor();
    expect(await page.getByText('Write down your recovery code.').count()).toBe(0);
  });

  it('is opened on another device by the password, and by no other', async () => {
    const { page } = await locked();
    await page.getByRole('link', { name: 'Open', exact: true }).click();
    await page.getByLabel('Password', { exact: true }).fill(`${PASSWORD}s`);
    await page.getByRole('button', { name: 'Open', exact: true }).click();
    await page.getByText('This password does not open your key.').waitFor();
    expect(await faultsOf(page, 'a wrong password')).toEqual([]);
    await page.getByLabel('Password', { exact: true }).fill(PASSWORD);
    await page.getByRole('button', { name: 'Open', exact: true }).click();
    await page.getByRole('heading', { name: 'Chats', exact: true }).waitFor();
    await page.getByText('This device does not have your key yet.').waitFor({ state: 'detached' });
  });

  it('is opened by the recovery code as somebody types it', async () => {
    const { page } = await locked();
    await page.getByRole('link', { name: 'Open', exact: true }).click();
    await page.getByRole('button', { name: /^Recovery code/ }).click();
    await page.getByLabel('Recovery code', { exact: true }).fill(code.toLowerCase().replaceAll(' ', '-'));
    await page.getByRole('button', { name: 'Open', exact: true }).click();
    await page.getByRole('heading', { name: 'Chats', exact: true }).waitFor();
    await page.getByText('This device does not have your key yet.').waitFor({ state: 'detached' });
  });

  it('EE16a is given by another device that scans the code of the new one', async () => {
    const tablet = await locked();
    await tablet.page.getByRole('link', { name: 'Open', exact: true }).click();
    await tablet.page.getByRole('button', { name: /^Another device/ }).click();
    const photograph = await photographOf(tablet.page.getByRole('img', { name: 'QR code of this device' }));
    expect(await faultsOf(tablet.page, 'a code to approve')).toEqual([]);
    const { page } = mira;
    await mira.go('Settings');
    await page.getByRole('link', { name: 'Devices' }).click();
    await page.getByRole('link', { name: /^Approve a new device/ }).click();
    await films(page, photograph);
    await page.getByRole('button', { name: 'Scan the code' }).click();
    await page.getByRole('heading', { name: 'Is this you?' }).waitFor();
    expect(await faultsOf(page, 'approving')).toEqual([]);
    await page.getByRole('button', { name: 'Yes, approve it' }).click();
    await page.getByRole('heading', { name: /is approved$/ }).waitFor();
    await tablet.page.getByRole('heading', { name: 'Chats', exact: true }).waitFor();
    await tablet.page.getByText('This device does not have your key yet.').waitFor({ state: 'detached' });
    await mira.openChat(jonas);
    await mira.write('From the phone');
    await tablet.openChat(jonas);
    await tablet.reads('From the phone');
  });

  it('EE17b brings what was written while no device of its person was there, though who has written it is away', async () => {
    const ada = await (await installation.arrival('Ada Lind')).register();
    await ada.befriend(jonas);
    await ada.comesIn();
    // The list of a first device comes with its identity; the next one names the dehydrated device.
    await ada.hasKeys();
    await ada.page.getByText('Write down your recovery code.').waitFor();
    await ada.go('Settings');
    await ada.page.getByRole('button', { name: 'Sign out' }).click();
    await ada.page.getByRole('dialog').getByRole('button', { name: 'Sign out' }).click();
    await ada.page.getByRole('heading', { name: 'Sign in' }).waitFor();
    await jonas.openChat(ada);
    await jonas.write('While nobody was there');
    await jonas.bubble('While nobody was there').getByText('Waiting to be sent').waitFor({ state: 'detached' });
    await jonas.open('/api/installation');
    await ada.signIn();
    await ada.openChat(jonas);
    await ada.reads('While nobody was there');
    await jonas.open();
  });

  it('EE18a, EE18b is lost by a browser: its device becomes another one, which says what it takes, and nobody is asked', async () => {
    const noor = await installation.member('Noor Haddad');
    const { page } = noor;
    await noor.befriend(jonas);
    const isBackedUp = page.waitForResponse(
      answer => answer.request().method() === 'PUT' && answer.ok() && answer.url().includes('/batches/'),
    );
    await Promise.all([noor.openChat(jonas), jonas.openChat(noor)]);
    await jonas.write('Before the loss');
    await noor.reads('Before the loss');
    await isBackedUp;

    /** Opens the app, and comes back by the screen that it shows. */
    const comesBack = async (): Promise<void> => {
      const isAlone = page.waitForRequest(request => {
        if (!request.url().endsWith('/api/keys/device-list')) return false;
        const { signed } = request.postDataJSON() as { signed: string };
        return (JSON.parse(signed) as { devices: string[] }).devices.length === 1;
      });
      await noor.open('/');
      await page.getByRole('heading', { name: 'This browser lost your keys' }).waitFor();
      expect(await faultsOf(page, 'lost keys')).toEqual([]);
      await page.getByLabel('Password', { exact: true }).fill(PASSWORD);
      await page.keyboard.press('Enter');
      await noor.isIn();
      await isAlone;
      await noor.openChat(jonas);
      await noor.reads('Before the loss');
    };

    await installation.server.stop();
    await noor.write('Written without a server');
    await noor.bubble('Written without a server').getByText('Waiting to be sent').waitFor();
    await forgetsDatabases(noor, /-machine/);
    await installation.server.start();
    await comesBack();
    await jonas.reads('Written without a server');
    await jonas.write('After the loss');
    await noor.reads('After the loss');

    // What it had of the messages, too: the backup brings the keys.
    await forgetsDatabases(noor, /^parley-/);
    await comesBack();
    await noor.reads('After the loss');
    await noor.write('From the third device');
    await jonas.reads('From the third device');
    expect(await jonas.page.getByText('New identity, not compared').count()).toBe(0);
    await page.goto(new URL('/settings/devices', page.url()).href);
    await page.getByText('No other devices.').waitFor();
  });

  it('can be replaced where nothing opens it: the other person is asked, and what they write waits for the answer', async () => {
    const before = await (await installation.arrival('Ada Okafor')).register();
    // As after a reset link: the password is another one than the key was locked with.
    await withWrapping(before, 'another');
    await before.comesIn();
    await before.page.getByText('Write down your recovery code.').waitFor();
    await before.befriend(jonas);
    await Promise.all([before.openChat(jonas), jonas.openChat(before)]);
    await jonas.write('Dinner at seven');
    await before.reads('Dinner at seven');

    const device = await installation.another(before);
    const { page } = device;
    await page.getByRole('link', { name: 'Open', exact: true }).click();
    await page.getByLabel('Password', { exact: true }).fill(PASSWORD);
    await page.getByRole('button', { name: 'Open', exact: true }).click();
    await page.getByText('your key is still locked with the one before').waitFor();
    await page.getByRole('button', { name: 'Start new, and see what is lost' }).click();
    // Another field of the same name takes the place of the one before.
    await page.getByText('If neither password nor code opens it').waitFor();
    await page.getByLabel('Password', { exact: true }).fill(PASSWORD);
    await page.getByRole('button', { name: 'Start new', exact: true }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Start new' }).click();
    await page.getByLabel('I have written it down').check();
    await page.getByRole('button', { name: 'Continue' }).click();

    await jonas.page.getByText('New identity, not compared').waitFor();
    await jonas.write('Do you still have the key');
    await jonas.page.getByText('Waits until you have decided').waitFor();
    expect(await faultsOf(jonas.page, 'another identity')).toEqual([]);
    await jonas.page.getByRole('button', { name: 'It is Ada Okafor' }).click();
    await jonas.page.getByText('New identity, not compared').waitFor({ state: 'detached' });
    await device.openChat(jonas);
    await device.reads('Do you still have the key');

    await before.go('Chats');
    await before.page.getByText('A new key was made for your account').waitFor();
    await before.page.getByRole('link', { name: 'What to do' }).click();
    await before.page.getByRole('heading', { name: 'Your key was replaced' }).waitFor();
    expect(await faultsOf(before.page, 'a replaced key')).toEqual([]);
  });

  it('is made anew where a device was lost: that one is out, the other person is asked, and what was written stays', async () => {
    const next = 'eight lanterns on the quay';
    const sofia = await (await installation.arrival('Sofia Brandt')).register();
    await sofia.befriend(jonas);
    await sofia.comesIn();
    const stolen = await installation.another(sofia);
    await Promise.all([sofia.openChat(jonas), stolen.openChat(jonas), jonas.openChat(sofia)]);
    await jonas.write('Read on both');
    await Promise.all([sofia.reads('Read on both'), stolen.reads('Read on both')]);

    const { page } = sofia;
    await sofia.go('Settings');
    await page.getByRole('link', { name: 'Devices' }).click();
    await page.getByRole('button', { name: /^Remove/ }).press('Enter');
    await page.getByRole('dialog', { name: /^Remove “/ }).waitFor();
    expect(await faultsOf(page, 'the question where a device is')).toEqual([]);
    await page.keyboard.press('Escape');
    await page.getByRole('dialog').waitFor({ state: 'detached' });
    await page.keyboard.press('Enter');
    await page
      .getByRole('dialog')
      .getByRole('button', { name: /^Lost or stolen/ })
      .press('Enter');
    await page.getByRole('heading', { name: /is lost or stolen$/ }).waitFor();
    expect(await faultsOf(page, 'a lost device')).toEqual([]);
    await page.getByLabel('Current password', { exact: true }).fill(PASSWORD);
    await page.getByLabel('New password', { exact: true }).fill(next);
    await page.getByRole('button', { name: 'Make new keys' }).click();
    await page.getByLabel('I have written it down').check();
    await page.getByRole('button', { name: 'Continue' }).click();

    await stolen.page.getByRole('heading', { name: 'Sign in' }).waitFor();
    await jonas.page.getByText('New identity, not compared').waitFor();
    await jonas.write('Is it still you');
    await jonas.page.getByText('Waits until you have decided').waitFor();
    await jonas.page.getByRole('button', { name: 'It is Sofia Brandt' }).click();
    await sofia.openChat(jonas);
    await Promise.all([sofia.reads('Read on both'), sofia.reads('Is it still you')]);
    await sofia.write('It is');
    await jonas.reads('It is');

    // A device of hers comes back with the new password alone, and reads what was written before and after.
    await stolen.page.getByLabel('Username').fill(sofia.username);
    const password = stolen.page.getByLabel('Password', { exact: true });
    const signIn = stolen.page.getByRole('button', { name: 'Sign in', exact: true });
    await password.fill(PASSWORD);
    await signIn.click();
    await stolen.page.getByText('Username and password do not match.').waitFor();
    await password.fill(next);
    await signIn.click();
    await stolen.isIn();
    await stolen.openChat(jonas);
    await Promise.all([stolen.reads('Read on both'), stolen.reads('It is')]);
  });
});
