import { TestBed } from '@angular/core/testing';
import { secret } from '#protocol/api/account';
import { ok } from '#protocol/result';
import { anId } from '#protocol/testing/ids';
import { withWords } from '../../i18n/testing/with-words';
import { Access } from './access';
import { Account, RESTART } from './account';
import { forgetIdentity, loadIdentity, loadProof, saveIdentity } from './identity';
import { LOCAL_TABLES } from '../device/local-tables';
import { type Asked, identityOf, json, problemOf, SECRET, serverOf, someone } from './testing/server';

const { installationId, deviceId } = identityOf();
const about = () =>
  json({ id: installationId, name: 'Parley', epoch: 'e', signUp: 'open', protocol: 'parley.v1', version: '1' });
const welcome = (as = deviceId) =>
  json({ accessToken: 'token', expiresInMs: 600_000, deviceId: as, deviceSecret: SECRET, me: someone() });

describe('Account', () => {
  let restarts: string[];
  let account: Account;

  beforeEach(async () => {
    restarts = [];
    await forgetIdentity();
    const tables = { versions: {}, unsent: { posts: 'all' } };
    await withWords([
      { provide: RESTART, useValue: (path: string) => restarts.push(path) },
      { provide: LOCAL_TABLES, useValue: tables, multi: true },
    ]);
    account = TestBed.inject(Account);
  });
  afterEach(() => forgetIdentity());

  const settled = async (done: () => boolean) => {
    while (!done()) {
      TestBed.tick();
      await new Promise(resolve => requestAnimationFrame(resolve));
    }
  };

  it('is signed out on a device that knows nobody', async () => {
    await account.start();
    expect(account.state()).toEqual({ is: 'signed-out' });
  });

  it('registers with a secret in the place of the password, and the name as it is stored', async () => {
    const asked = serverOf({ 'GET /api/installation': about, 'POST /api/auth/register': () => welcome() });
    const typed = { username: ' NOOR ', password: 'correct horse battery', displayName: '  Noor   Haddad ' };
    expect((await account.register(typed)).ok).toBeTrue();
    const body = asked[1]!.body as Record<string, string>;
    expect(body).toEqual(jasmine.objectContaining({ username: 'noor', displayName: 'Noor Haddad' }));
    expect(secret.safeParse(body['loginSecret']).success).toBeTrue();
    expect(body['deviceName']).toMatch(/^Computer, /);
    expect(JSON.stringify(asked)).not.toContain('horse');
    expect(account.state()).toEqual({ is: 'signed-in', me: someone() });
    const { wrappingKey, ...identity } = (await loadIdentity())!;
    expect(identity).toEqual({ ...identityOf(), epoch: 'e' });
    expect(wrappingKey?.extractable).withContext('the key that the password makes').toBeFalse();
    expect(await TestBed.inject(Access).token()).toBe('token');
  });

  it('keeps the key that a password makes until it was used, also over a reload', async () => {
    serverOf({ 'GET /api/installation': about, 'POST /api/auth/login': () => welcome() });
    expect((await account.signIn({ username: 'noor', password: 'correct horse battery' })).ok).toBeTrue();
    expect(account.wrappingKey()).toBeDefined();
    TestBed.resetTestingModule();
    await withWords([]);
    const next = TestBed.inject(Account);
    await next.start();
    expect(next.wrappingKey()?.algorithm.name).toBe('AES-GCM');
    await next.usedWrappingKey();
    expect(next.wrappingKey()).toBeUndefined();
    expect((await loadIdentity())?.wrappingKey).toBeUndefined();
    expect((await loadIdentity())?.me).toEqual(someone());
  });

  it('asks the server whether a password is right, by this same device, and is who it was', async () => {
    await saveIdentity(identityOf());
    const asked = serverOf({ 'GET /api/installation': about, 'POST /api/auth/login': () => welcome() });
    await account.start();
    expect((await account.prove('correct horse battery')).ok).toBeTrue();
    const body = asked.find(({ what }) => what === 'POST /api/auth/login')?.body as { device: unknown };
    expect(body.device).toEqual({ deviceId, deviceSecret: identityOf().deviceSecret });
    expect(account.wrappingKey()).toBeDefined();
    expect(account.me()).toEqual(someone());
  });

  it('stays as it was when the server refuses', async () => {
    await account.start();
    serverOf({
      'GET /api/installation': about,
      'POST /api/auth/login': () => problemOf('wrong-credentials', 401),
    });
    const outcome = await account.signIn({ username: 'noor', password: 'wrong' });
    expect(!outcome.ok && outcome.error.kind === 'problem' && outcome.error.problem.type).toBe('wrong-credentials');
    expect(account.state()).toEqual({ is: 'signed-out' });
    expect(await loadIdentity()).toBeUndefined();
  });

  it('opens with the last user while the server does not answer', async () => {
    await saveIdentity(identityOf());
    serverOf({});
    await account.start();
    await expectAsync(TestBed.inject(Access).token()).toBeRejected();
    TestBed.tick();
    expect(account.state()).toEqual({ is: 'offline-known', me: someone() });
    expect(account.databaseName()).toBe(`parley-${installationId}-${someone().id}`);
  });

  for (const [what, answer] of [
    ['429', () => problemOf('too-many-requests', 429, { retryMs: 1_000 })],
    ['500', () => problemOf('internal', 500)],
    ['a page of some proxy', () => new Response('<html>', { status: 502 })],
  ] as const) {
    it(`stays who it is after ${what}`, async () => {
      await saveIdentity(identityOf());
      serverOf({ 'POST /api/auth/refresh': answer });
      await account.start();
      await expectAsync(TestBed.inject(Access).token()).toBeRejected();
      TestBed.tick();
      expect(account.state().is).toBe('offline-known');
      expect(restarts).toEqual([]);
    });
  }

  it('is signed in by a refresh, with both halves', async () => {
    await saveIdentity(identityOf());
    const asked = serverOf({ 'POST /api/auth/refresh': () => json({ accessToken: 'new', expiresInMs: 600_000 }) });
    await account.start();
    expect(await TestBed.inject(Access).token()).toBe('new');
    await settled(() => account.state().is === 'signed-in');
    expect(asked[0]!.body).toEqual({ deviceId, deviceSecret: SECRET });
    expect(account.me()).toEqual(someone());
  });

  it('A5c ends by a 401 from refresh: what it kept goes, the proof of the device stays for the next sign-in', async () => {
    await saveIdentity(identityOf());
    let logins: Asked[] = [];
    logins = serverOf({
      'POST /api/auth/refresh': () => problemOf('sign-in-required', 401),
      'GET /api/installation': about,
      'POST /api/auth/login': () => welcome(),
    });
    await account.start();
    let closed = false;
    account.beforeLeaving(async () => {
      closed = true;
    });
    expect(await TestBed.inject(Access).token()).toBeNull();
    await settled(() => restarts.length > 0);
    expect(restarts).toEqual([`/sign-in?why=ended&to=${encodeURIComponent(location.pathname)}`]);
    expect(closed).toBeTrue();
    expect(await loadIdentity()).toBeUndefined();
    expect((await loadProof())?.deviceId).toBe(deviceId);
    await account.signIn({ username: 'Noor', password: 'correct horse battery' });
    const body = logins.find(one => one.what === 'POST /api/auth/login')!.body as { device: unknown };
    expect(body.device).toEqual({ deviceId, deviceSecret: SECRET });
  });

  describe('refused by a server that a backup was restored to', () => {
    const NAME = `parley-${installationId}-${someone().id}`;
    const databases = async () => (await indexedDB.databases()).map(({ name }) => name);
    let epoch: string;

    beforeEach(async () => {
      epoch = 'restored';
      await new Promise(
        resolve =>
          (indexedDB.open(NAME).onsuccess = ({ target }) => {
            (target as IDBOpenDBRequest).result.close();
            resolve(undefined);
          }),
      );
      await saveIdentity({ ...identityOf(), epoch: 'e' });
      serverOf({
        'POST /api/auth/refresh': () => problemOf('sign-in-required', 401),
        'GET /api/installation': async () => json({ ...(await about().json()), epoch }),
        'POST /api/auth/login': () => welcome(),
      });
      await account.start();
    });
    afterEach(() => indexedDB.deleteDatabase(NAME));

    const refused = async () => {
      expect(await TestBed.inject(Access).token()).toBeNull();
      await settled(() => restarts.length > 0);
    };

    it('E3c keeps what it has until the same person has signed in', async () => {
      await refused();
      expect(restarts[0]?.split('&')[0]).toBe('/sign-in?why=restored');
      expect(await databases()).toContain(NAME);
      await account.signIn({ username: 'noor', password: 'correct horse battery' });
      expect(await databases()).toContain(NAME);
      expect((await loadIdentity())?.epoch).toBe('restored');
    });

    it('E3c keeps nothing for another person who signs in', async () => {
      await refused();
      const other = someone({ id: anId('44444444-4444-4444-8444-444444444444'), username: 'mira' });
      (window.fetch as jasmine.Spy).and.callFake(async (path: string) =>
        path.endsWith('installation') ? about() : json({ ...(await welcome().json()), me: other }),
      );
      await account.signIn({ username: 'mira', password: 'correct horse battery' });
      await settled(() => true);
      expect(await databases()).not.toContain(NAME);
    });

    it('E3b, E3d keeps nothing where a refresh had told it of that epoch: then it was removed', async () => {
      const access = TestBed.inject(Access);
      let answer = json({ accessToken: 'new', expiresInMs: 0, epoch });
      (window.fetch as jasmine.Spy).and.callFake(async (path: string) =>
        path.endsWith('installation') ? json({ ...(await about().json()), epoch }) : answer,
      );
      expect(await access.token()).toBe('new');
      TestBed.tick();
      answer = problemOf('sign-in-required', 401);
      await refused();
      expect(restarts[0]).toMatch(/^\/sign-in\?why=ended/);
      await settled(() => true);
      expect(await databases()).not.toContain(NAME);
    });
  });

  describe('ended by the server', () => {
    const NAME = `parley-${installationId}-${someone().id}`;
    const databases = async () => (await indexedDB.databases()).map(({ name }) => name);
    const keep = (posts: readonly object[]) =>
      new Promise<void>(resolve => {
        const opening = indexedDB.open(NAME, 1);
        opening.onupgradeneeded = () => {
          opening.result.createObjectStore('messages', { autoIncrement: true }).put({ text: 'from the server' });
          const written = opening.result.createObjectStore('posts', { autoIncrement: true });
          posts.forEach(post => written.put(post));
        };
        opening.onsuccess = () => {
          opening.result.close();
          resolve();
        };
      });
    const server: Parameters<typeof serverOf>[0] & Record<string, () => Response> = {};
    const end = async () => {
      await saveIdentity(identityOf());
      Object.assign(server, {
        'POST /api/auth/refresh': () => problemOf('sign-in-required', 401),
        'GET /api/installation': about,
      });
      serverOf(server);
      await account.start();
      expect(await TestBed.inject(Access).token()).toBeNull();
      await settled(() => restarts.length > 0);
    };
    afterEach(() => indexedDB.deleteDatabase(NAME));

    it('leaves the keys of this device, and nothing else where everything was sent', async () => {
      const keys = `${NAME}-${deviceId}-machine`;
      const made = indexedDB.open(keys, 1);
      await new Promise(resolve => (made.onsuccess = resolve));
      made.result.close();
      await keep([]);
      await end();
      expect(await databases()).not.toContain(NAME);
      expect(await databases())
        .withContext('no answer of the server takes keys')
        .toContain(keys);
      expect((await loadProof())?.keys).toBe(`${NAME}-${deviceId}`);
      TestBed.resetTestingModule();
      await withWords([]);
      const next = TestBed.inject(Account);
      await next.start();
      expect(await databases())
        .withContext('at the next start')
        .toContain(keys);
      server['POST /api/auth/login'] = () => welcome(anId(someone().id));
      expect((await next.signIn({ username: 'noor', password: 'correct horse battery' })).ok).toBeTrue();
      expect(await databases())
        .withContext('signed in as another device')
        .not.toContain(keys);
      expect((await loadProof())?.keeps).toBeUndefined();
    });

    it('keeps what was not sent, says whose it is, and deletes it when asked to', async () => {
      await keep([{ text: 'written here' }]);
      await end();
      expect(await databases()).toContain(NAME);
      expect((await loadProof())?.keeps).toBe(NAME);
      TestBed.resetTestingModule();
      await withWords([]);
      const next = TestBed.inject(Account);
      await next.start();
      expect(next.waiting()).toBe('noor');
      await next.forgetWaiting();
      expect(next.waiting()).toBeUndefined();
      expect(await databases()).not.toContain(NAME);
    });
  });

  describe('whose browser has lost the keys of the device', () => {
    const NAME = `parley-${installationId}-${someone().id}`;
    const KEYS = `${NAME}-${deviceId}-machine-rows`;
    const databases = async () => (await indexedDB.databases()).map(({ name }) => name);
    let asked: Asked[];
    let as: typeof deviceId;

    beforeEach(async () => {
      for (const name of [NAME, KEYS]) {
        const made = indexedDB.open(name, 1);
        await new Promise(resolve => (made.onsuccess = resolve));
        made.result.close();
      }
      as = anId('44444444-4444-4444-8444-444444444444');
      await saveIdentity(identityOf());
      asked = serverOf({
        'POST /api/auth/refresh': () => json({ accessToken: 'token', expiresInMs: 600_000 }),
        'POST /api/auth/logout': () => new Response(null, { status: 204 }),
        'GET /api/installation': about,
        'POST /api/auth/login': () => welcome(as),
      });
      await account.start();
      await account.keysLost();
      TestBed.resetTestingModule();
      await withWords([]);
      account = TestBed.inject(Account);
      await account.start();
    });
    afterEach(() => [NAME, KEYS].forEach(name => indexedDB.deleteDatabase(name)));

    it('is signed out, and says whose it was; all that is kept stays', async () => {
      expect(asked.map(({ what }) => what)).toContain('POST /api/auth/logout');
      expect(restarts[0]).toMatch(/^\/sign-in\?/);
      expect([account.state().is, account.lostBy()]).toEqual(['signed-out', 'noor']);
      expect(await databases()).toEqual(jasmine.arrayContaining([NAME, KEYS]));
    });

    it('EE18a comes back as another device, and keeps what is of the one before until that is off the signed list', async () => {
      expect((await account.signIn({ username: 'Noor', password: 'correct horse battery' })).ok).toBeTrue();
      const body = asked.find(({ what }) => what === 'POST /api/auth/login')?.body as { device?: unknown };
      expect(body.device).withContext('the proof of the device').toBeUndefined();
      expect(account.address().deviceId).toBe(as);
      expect(await databases()).toEqual(jasmine.arrayContaining([NAME, KEYS]));
      // The password is typed once more.
      expect((await account.prove('correct horse battery')).ok).toBeTrue();
      const struck: unknown[] = [];
      await expectAsync(account.strikeReplaced(() => Promise.reject(new Error('no answer')))).toBeRejected();
      for (let times = 0; times < 2; times++) await account.strikeReplaced(async id => struck.push(id));
      expect(struck).toEqual([deviceId]);
      while ((await databases()).includes(KEYS)) await settled(() => true);
      expect(await databases()).toContain(NAME);
      expect((await loadIdentity())?.replaces).toBeUndefined();
    });

    it('leaves nothing to somebody else who signs in', async () => {
      const other = someone({ id: anId('55555555-5555-4555-8555-555555555555'), username: 'mira' });
      (window.fetch as jasmine.Spy).and.callFake(async (path: string) =>
        path.endsWith('installation') ? about() : json({ ...(await welcome(as).json()), me: other }),
      );
      expect((await account.signIn({ username: 'mira', password: 'correct horse battery' })).ok).toBeTrue();
      expect((await loadIdentity())?.replaces).toBeUndefined();
      expect(await databases()).not.toContain(NAME);
      expect(await databases()).not.toContain(KEYS);
    });
  });

  it('deletes the account: that the server ends the session over it is no news, and nothing stays', async () => {
    await saveIdentity(identityOf());
    serverOf({ 'POST /api/auth/refresh': () => problemOf('sign-in-required', 401) });
    await account.start();
    const deleted = await account.leaveBy(async () => {
      // The server closes the socket before it answers, and the page asks for a newer token.
      expect(await TestBed.inject(Access).token()).toBeNull();
      TestBed.tick();
      return ok(undefined);
    });
    expect([deleted.ok, restarts]).toEqual([true, ['/sign-in']]);
    expect(await loadProof()).toBeUndefined();
  });

  it('signs out even where nobody answers', async () => {
    await saveIdentity(identityOf());
    serverOf({});
    await account.start();
    await account.signOut();
    expect(account.state()).toEqual({ is: 'signed-out' });
    expect(await loadIdentity()).toBeUndefined();
    expect(await loadProof()).toBeUndefined();
    expect(restarts).toEqual(['/sign-in']);
  });

  it('begins anew where somebody else has come in by another tab', async () => {
    await saveIdentity(identityOf());
    serverOf({});
    await account.start();
    await saveIdentity({ ...identityOf(someone({ username: 'mira' })), deviceId: anId(someone().id) });
    await account.start();
    expect(restarts).toEqual(['/']);
  });
});
