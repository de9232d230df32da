import { Installation } from './installation.ts';
import { PASSWORD, type Person } from './person.ts';
import { until } from './until.ts';

/** What a browser refuses, put in place before any script of the page. */
const REFUSALS = {
  /** Site data blocked, as Firefox and Chromium do it: every storage throws at its first use. */
  everything: () => {
    const refuse = () => {
      throw new DOMException('blocked', 'SecurityError');
    };
    for (const name of ['localStorage', 'sessionStorage', 'indexedDB', 'caches'])
      Object.defineProperty(window, name, { get: refuse });
    LockManager.prototype.request = () => Promise.reject(new DOMException('blocked', 'SecurityError'));
    const refused = () => Promise.reject(new TypeError('blocked'));
    Object.assign(StorageManager.prototype, { persisted: refused, persist: refused, estimate: refused });
    const RefusedChannel = class {
      constructor() {
        refuse();
      }
    };
    Object.assign(window, { BroadcastChannel: RefusedChannel });
  },
  /** A database that is damaged: the browser knows who is signed in and cannot open what is kept of them. */
  'the messages': () => {
    const open = IDBFactory.prototype.open;
    IDBFactory.prototype.open = function (name, version) {
      if (name.startsWith('parley-')) throw new DOMException('damaged', 'UnknownError');
      return version === undefined ? open.call(this, name) : open.call(this, name, version);
    };
  },
} as const;

const LOST = 'Not saved on this device. It is lost if Parley is closed before it is sent.';
const FULL = 'This device cannot save what you write: its storage is full or blocked.';

describe('A browser that keeps', () => {
  let installation: Installation;
  let jonas: Person;
  beforeAll(async () => {
    installation = await Installation.open();
    jonas = await installation.member('Jonas Weber');
  });
  afterAll(async () => expect(await installation.close()).toEqual([]));

  /** Whether the browser asks before it leaves the page, which then stays. */
  async function asksBeforeLeaving({ page }: Person): Promise<boolean> {
    let asked = false;
    page.once('dialog', dialog => {
      asked = dialog.type() === 'beforeunload';
      void dialog.dismiss();
    });
    await page.evaluate(() => location.reload());
    await until(
      'the browser asks',
      () => Promise.resolve(asked),
      is => is,
    );
    return asked;
  }

  /** With the server away something is written, which a person is told about. */
  async function isWarned(person: Person, text: string): Promise<void> {
    await installation.server.stop();
    await person.write(text);
    await person.page.getByText(LOST).waitFor();
    expect(await asksBeforeLeaving(person)).toBeTrue();
    await installation.server.start();
  }

  /** What was written arrives, and is not lost any more. */
  async function isSent(person: Person, text: string): Promise<void> {
    await jonas.reads(text);
    await until(
      'it is not lost any more',
      () => person.page.getByText(LOST).count(),
      count => count === 0,
    );
  }

  /** Signs up with a browser that refuses this, and becomes a contact of Jonas. */
  async function comes(name: string, refused: keyof typeof REFUSALS): Promise<Person> {
    const person = await installation.arrival(name);
    await person.page.addInitScript(REFUSALS[refused]);
    await person.open('/sign-up');
    // Where nothing is kept it is said before an account is made.
    if (refused === 'everything') await readsNotice(person);
    await person.signsUpHere();
    if (refused !== 'everything') await readsNotice(person);
    await person.ask(jonas);
    await jonas.accept(person);
    await person.openChat(jonas);
    await jonas.openChat(person);
    return person;
  }

  async function readsNotice({ page }: Person): Promise<void> {
    const notice = page.getByRole('alert', { name: 'This browser keeps nothing' });
    await notice.getByText('what is not sent by then is lost').waitFor();
    await notice.getByRole('button', { name: 'OK' }).click();
  }

  it('nothing at all says what that costs, sends what is written, and is another device of its person at each sign-in', async () => {
    const ben = await comes('Ben Sand', 'everything');
    await isWarned(ben, 'from a page without everything');
    await isSent(ben, 'from a page without everything');
    await jonas.write('and back');
    await ben.reads('and back');
    await ben.open('/');
    await readsNotice(ben);
    await ben.page.getByLabel('Username').fill(ben.username);
    await ben.page.getByLabel('Password', { exact: true }).fill(PASSWORD);
    await ben.page.getByRole('button', { name: 'Sign in', exact: true }).click();
    await ben.isIn();
    await ben.openChat(jonas);
    await ben.reads('from a page without everything');
    await ben.reads('and back');
  });

  it('who is there and neither messages nor keys says what that costs, and sends nothing that it could not encrypt', async () => {
    const dan = await comes('Dan Sand', 'the messages');
    await isWarned(dan, 'from a page without the messages');
    await dan.isLive();
    await dan.page.getByText(LOST).waitFor();
    await jonas.page.getByText('Say hello').first().waitFor();
  });

  it('nothing more because its disk is full says so of a draft and of a message, and keeps both when there is room', async () => {
    const cleo = await installation.member('Cleo Sand');
    await cleo.befriend(jonas);
    await cleo.openChat(jonas);
    await jonas.openChat(cleo);
    const devtools = await cleo.context.newCDPSession(cleo.page);
    const { origin } = installation.server;
    await devtools.send('Storage.overrideQuotaForOrigin', { origin, quotaSize: 1 });
    await until(
      'the browser knows that its disk is full',
      () => cleo.page.evaluate(isFull),
      is => is,
    );
    await isWarned(cleo, 'written on a full disk');
    await cleo.composer.fill('begun on a full disk');
    await cleo.page.getByText(FULL).waitFor();
    await devtools.send('Storage.overrideQuotaForOrigin', { origin });
    await until(
      'the draft is kept',
      () => cleo.page.getByText(FULL).count(),
      count => count === 0,
    );
    // Its keys cannot be kept on a full disk, so nothing is encrypted there: it is sent once there is room.
    await isSent(cleo, 'written on a full disk');
    await cleo.page.reload();
    await cleo.isLive();
    await cleo.hasDraft('begun on a full disk');
    await cleo.reads('written on a full disk');
  });
});

/** Runs in the page. Chromium goes by its last count of free bytes for a while. */
const isFull = (): Promise<boolean> =>
  new Promise(resolve => {
    const opening = indexedDB.open('filler', 1);
    opening.onupgradeneeded = () => opening.result.createObjectStore('rows', { autoIncrement: true });
    opening.onerror = () => resolve(true);
    opening.onsuccess = () => {
      const writing = opening.result.transaction('rows', 'readwrite');
      writing.objectStore('rows').put('x'.repeat(10_000));
      writing.onabort = () => resolve(writing.error?.name === 'QuotaExceededError');
      writing.oncomplete = () => resolve(false);
    };
  });
