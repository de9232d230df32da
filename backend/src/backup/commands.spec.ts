import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { cp, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { InstallationInfo } from '#protocol/api/account';
import { befriend, loginSecret, openBrowser, signUp, type Person } from '../testing/browser.ts';
import { Installation } from '../testing/installation.ts';
import { specDatabase, suiteOnMongo } from '../testing/mongo.ts';
import { Phone } from '../testing/phone.ts';
import { endAll, environmentOfSpecs } from '../testing/process.ts';
import { until } from '../testing/until.ts';

const SLOW_MS = 120_000;
const RESTORE = join(import.meta.dirname, '..', '..', '..', 'scripts', 'restore.ts');

const about = async (origin: string) =>
  (await openBrowser(origin).ask('GET', '/api/installation')).body as InstallationInfo;
const refreshed = async (origin: string, { browser, deviceId, deviceSecret }: Person) => {
  const json = { deviceId, deviceSecret };
  return openBrowser(origin, browser.cookies).ask('POST', '/api/auth/refresh', { json });
};

describe('Backup, restore and migrate as they are typed', () => {
  const installations: Installation[] = [];
  const newInstallation = async (store = 'sqlite') => {
    const made = await Installation.on(store);
    installations.push(made);
    return made;
  };
  afterEach(async () => {
    await endAll();
    for (const { directory } of installations.splice(0)) await rm(directory, { recursive: true });
  });

  /** Two people with ten messages, stopped, and its backup; each spec has a copy of its own. */
  let first: { home: Installation; people: [Person, Person]; id: string };
  beforeAll(async () => {
    const home = await Installation.on('sqlite');
    const origin = await home.start();
    const people: [Person, Person] = [await signUp(origin, 'ada'), await signUp(origin, 'bob')];
    const phone = new Phone(people[0], await befriend(...people));
    await phone.meet(origin);
    for (let i = 0; i < 10; i++) await phone.post(`message ${i}`);
    phone.leave();
    expect((await home.type('backup', home.file)).code).toBe(0);
    const { id } = await about(origin);
    // After the backup: this session is one that the backup does not know.
    expect((await refreshed(origin, people[1])).status).toBe(200);
    expect((await refreshed(origin, people[1])).status).toBe(200);
    await home.stop();
    first = { home, people, id };
  }, SLOW_MS);
  afterAll(() => rm(first.home.directory, { recursive: true }));

  async function backedUp(): Promise<typeof first> {
    const home = await newInstallation();
    await cp(first.home.directory, home.directory, { recursive: true });
    const withCookies = ({ browser, ...person }: Person): Person => {
      return { ...person, browser: openBrowser(browser.origin, new Map(browser.cookies)) };
    };
    const [ada, bob] = first.people;
    return { home, people: [withCookies(ada), withCookies(bob)], id: first.id };
  }

  it(
    'E3a, E3c make another machine the same installation: a device that was not there since stays signed in, any other signs in again as itself',
    async () => {
      const { home, people, id } = await backedUp();
      const other = await newInstallation();
      expect((await other.type('restore', home.file)).text).toContain('2 accounts, 2 devices, 1 pairs of people, 10');
      const origin = await other.start();
      expect((await about(origin)).id).toBe(id);
      for (const name of ['data/secrets/vapid.key', 'data/ports.json'].filter(file =>
        existsSync(join(home.directory, file)),
      )) {
        const kept = (one: Installation) => readFile(join(one.directory, name), 'utf8');
        expect(await kept(other)).toBe(await kept(home));
      }
      expect((await refreshed(origin, people[0])).status).toBe(200);
      const refused = await refreshed(origin, people[1]);
      expect([refused.status, refused.body.type]).toEqual([401, 'sign-in-required']);
      const { deviceId, deviceSecret } = people[1];
      const json = {
        username: 'bob',
        loginSecret: loginSecret('bob'),
        deviceName: 'x',
        device: { deviceId, deviceSecret },
      };
      const again = await openBrowser(origin).ask('POST', '/api/auth/login', { json });
      expect([again.status, again.body.deviceId]).toEqual([200, deviceId]);
    },
    SLOW_MS,
  );

  it(
    'say in a sentence what is wrong with a file, and change nothing',
    async () => {
      const { home } = await backedUp();
      const other = await newInstallation();
      const file = await readFile(home.file);
      const broken = async (bytes: Buffer) => {
        await writeFile(other.file, bytes);
        const { code, text } = await other.type('restore', other.file);
        expect(code).toBe(1);
        expect(existsSync(join(other.directory, 'data', 'parley.sqlite'))).toBeFalse();
        return text;
      };
      expect(await broken(file.subarray(0, -1))).toMatch(/^The backup is damaged.*Nothing was changed\.$/);
      await other.remember('eight lanterns on the quay');
      expect(await broken(file)).toBe('This is not the passphrase of the backup.');
      expect((await home.type('backup', home.file)).text).toContain('is there. Name another file');
      await home.remember('too short');
      expect((await home.type('backup', join(home.directory, 'two.backup'))).text).toContain('12 characters or more');
      expect((await other.type('backup', other.file, '--overwrite')).text).toContain('nothing was ever kept');
      expect((await home.type('restore', home.file, '--check')).code).toBe(1);
      await home.remember('seven lanterns on the quay');
      expect((await home.type('restore', home.file, '--check')).text).toMatch(/^A good backup of .* 10 messages/);
    },
    SLOW_MS,
  );

  it(
    'S52 leave what was there where a restore is killed, and let nothing start where one was killed at its end',
    async () => {
      const { home } = await backedUp();
      const data = join(home.directory, 'data');
      const child = spawn(process.execPath, [RESTORE, home.file, '--replace'], {
        env: { ...environmentOfSpecs(), ...home.environment },
      });
      const gone = once(child, 'exit');
      await until(() => existsSync(join(data, 'parley.sqlite.filling')) || child.exitCode !== null);
      child.kill('SIGKILL');
      await gone;
      expect((await home.type('backup', join(home.directory, 'two.backup'))).text).toContain('10 messages');

      await writeFile(join(data, 'restore.unfinished'), '');
      expect(await home.refuses()).toMatch(/^A restore was begun here and did not finish\. Run it again/);
      // What it had been told before needs not be said again.
      expect((await home.type('restore', home.file)).code).toBe(0);
      expect((await about(await home.start())).protocol).toBeDefined();
    },
    SLOW_MS,
  );

  suiteOnMongo('MongoDB', () => {
    it(
      'S51 move a store to another engine and back, and everybody stays signed in',
      async () => {
        const { home, people } = await backedUp();
        const { url, drop } = await specDatabase();
        const sqlite = { ...home.environment };
        Object.assign(home.environment, { MIGRATE_TO: url });
        expect((await home.type('migrate')).text).toContain('Moved and compared: 2 accounts, 2 devices');
        expect((await home.type('migrate')).text).toContain('There are accounts');
        await rm(join(home.directory, 'data', 'parley.sqlite'));
        Object.assign(home.environment, { STORE: url, MIGRATE_TO: 'sqlite' });
        expect((await home.type('migrate')).code).toBe(0);
        Object.assign(home.environment, sqlite, { MIGRATE_TO: '' });
        const origin = await home.start();
        for (const person of people) expect((await refreshed(origin, person)).status).toBe(200);
        await drop();
      },
      SLOW_MS,
    );
  });
});
