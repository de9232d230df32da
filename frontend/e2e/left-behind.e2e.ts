import { fileURLToPath } from 'node:url';
import { launchChromium, WITH_WORKER } from './chromium.ts';
import { Installation } from './installation.ts';
import { PASSWORD, Person } from './person.ts';
import { visit } from './screens.ts';
import { tracesOf, type Words } from './traces.ts';
import { until } from './until.ts';

const SAID = 'only Jonas may read this';
const ANSWERED = 'and this only you';
const BEGUN = 'begun and not sent';
const SHARED = 'shared from another app';
const PICTURE = fileURLToPath(new URL('../public/icons/mark-192.png', import.meta.url));

/** Every place in which something of a person is before they leave: finding nothing in a place that was empty says nothing. */
const PLACES = ['databases', 'localStorage', 'sessionStorage', 'caches', 'files', 'notifications', 'cookies'];

describe('What a browser still has of a person', () => {
  let installation: Installation;
  let jonas: Person;
  let jonasId: string;
  /** The one browser profile: who comes next begins where the one before has left nothing. */
  let device: Person;
  let mira: Person;
  /** Requests to /api that her page has made. */
  let asked: Set<string>;
  let words: Words;

  beforeAll(async () => {
    installation = await Installation.open({}, launchChromium);
    jonas = await installation.member('Jonas Weber');
    jonasId = await idOf(jonas);
    await jonas.open('/settings/profile');
    await jonas.page.locator('input[type=file]').setInputFiles(PICTURE);
    await jonas.page.locator('main parley-avatar img').first().waitFor();
    device = await installation.arrival('Somebody', WITH_WORKER);
    device.page.on('request', request => {
      const { pathname, search } = new URL(request.url());
      if (pathname.startsWith('/api/')) asked.add(pathname + search);
    });
  });
  afterAll(async () => expect(await installation.close()).toEqual([]));

  const idOf = ({ page }: Person): Promise<string> =>
    page.evaluate(async () => {
      const name =
        (await indexedDB.databases()).find(one => /^parley-[\w-]{36}-[\w-]{36}$/.test(one.name ?? ''))?.name ?? '';
      return name.slice(-36);
    });

  const traces = () => tracesOf(mira.page, asked, words);

  /** Registers by an invitation and writes something into every storage. */
  async function lives(name: string): Promise<void> {
    await visit(jonas.page, '/contacts/invite');
    await jonas.page.getByRole('button', { name: 'Create invitation' }).click();
    const code = (await jonas.page.locator('strong.letters').innerText()).replace(' ', '');
    mira = new Person(name, device.context, device.page, installation.server.origin);
    asked = new Set();
    await mira.open(`/invite#${code}`);
    await mira.page.getByLabel('Your name').fill(name);
    await mira.page.getByLabel('Username').fill(mira.username);
    await mira.page.getByLabel('Password', { exact: true }).fill(PASSWORD);
    await mira.page.getByRole('button', { name: 'Create account' }).click();
    await mira.isIn();
    await mira.openChat(jonas);
    await mira.write(SAID);
    await jonas.openChat(mira);
    await jonas.reads(SAID);
    await jonas.write(ANSWERED);
    await mira.reads(ANSWERED);
    await mira.composer.fill(BEGUN);
    await mira.page.evaluate(leaveElsewhere, { said: SAID, shared: SHARED, username: mira.username });
    const [cookie] = await mira.context.cookies();
    words = {
      name,
      username: mira.username,
      id: await idOf(mira),
      'name of a contact': 'Jonas Weber',
      'id of a contact': jonasId,
      invitation: code,
      said: SAID,
      answered: ANSWERED,
      draft: BEGUN,
      share: SHARED,
      session: cookie?.value ?? 'no cookie',
      password: PASSWORD,
    };
    const all = await until('the draft is kept', traces, kept => kept.includes('databases: draft'));
    expect(all).toEqual(jasmine.arrayContaining(['databases: said', 'databases: answered', 'databases: share']));
    for (const place of PLACES)
      expect(all.some(one => one.startsWith(`${place}: `)))
        .withContext(place)
        .toBeTrue();
    expect(all.filter(one => one.startsWith('http cache') || one.endsWith('password'))).toEqual([]);
  }

  const isOut = () => mira.page.getByRole('heading', { name: 'Sign in' }).waitFor();
  const nothingIsLeft = () => until('nothing is left in the browser', traces, left => left.length === 0);

  it('is nothing after signing out, and going back shows nothing', async () => {
    await lives('Mira Sand');
    await mira.go('Settings');
    await mira.page.getByRole('button', { name: 'Sign out' }).click();
    await mira.page.getByRole('dialog').getByRole('button', { name: 'Sign out' }).click();
    await isOut();
    await nothingIsLeft();
    await mira.page.goBack();
    await isOut();
    expect(await mira.page.getByText(SAID).count()).toBe(0);
    await nothingIsLeft();
  });

  it('is nothing after deleting the account', async () => {
    await lives('Noor Haddad');
    await mira.open('/settings/delete-account');
    await mira.page.getByLabel('Confirm with your password').fill(PASSWORD);
    await mira.page.locator('parley-deletion-page button.danger').click();
    await mira.page.getByRole('dialog').locator('button.danger').click();
    await isOut();
    await nothingIsLeft();
  });

  it('is the unsent draft, its owner and the sealed keys after another device removed this one, and nothing after another person signed in', async () => {
    await lives('Lin Zhao');
    const elsewhere = await installation.another(mira);
    await elsewhere.open('/settings/devices');
    await elsewhere.page.getByRole('button', { name: /^Remove/ }).click();
    await elsewhere.page
      .getByRole('dialog')
      .getByRole('button', { name: /^I have it/ })
      .click();
    await mira.page.getByText('This device was signed out.').waitFor();
    await mira.page.getByText('@lin_zhao wrote here and had not sent is kept').waitFor();
    // The rows beside the keys say whose they are.
    const kept = ['databases: draft', 'databases: id', 'databases: id of a contact', 'databases: username'];
    await until(
      'only the draft is left, whose it is, and the keys',
      async () => (await traces()).sort(),
      left => left.join() === kept.join(),
    );

    const other = await (await installation.arrival('Ada Okafor')).register();
    await mira.page.getByLabel('Username').fill(other.username);
    await mira.page.getByLabel('Password', { exact: true }).fill(PASSWORD);
    await mira.page.getByRole('button', { name: 'Sign in', exact: true }).click();
    await mira.isIn();
    await nothingIsLeft();
  });
});

/** Runs in the page: what the worker does for another app, a push and a call, and what features may keep in files or by tab. */
async function leaveElsewhere(of: { said: string; shared: string; username: string }): Promise<void> {
  const worker = await navigator.serviceWorker.ready;
  await worker.showNotification(of.username, { body: of.said });
  await (await caches.open('parley-taps')).put(`/accept?${of.username}`, Response.json({ at: Date.now() }));
  const folder = await navigator.storage.getDirectory();
  const file = await (await folder.getFileHandle(of.username, { create: true })).createWritable();
  await file.close();
  // Asked as a feature would that forgets to forbid storing: then the answer's own header does.
  await fetch('/api/installation');
  sessionStorage.setItem('parley.leftCall', of.username);
  const opening = indexedDB.open('parley-share', 1);
  opening.onupgradeneeded = () => opening.result.createObjectStore('share');
  await new Promise(resolve => (opening.onsuccess = resolve));
  const rows = opening.result.transaction('share', 'readwrite').objectStore('share');
  rows.put({ text: of.shared, files: [], at: Date.now() }, 'waiting');
  await new Promise(resolve => (rows.transaction.oncomplete = resolve));
  opening.result.close();
}
