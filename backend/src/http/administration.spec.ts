import { CLOSE_CODES } from '#protocol/close-codes';
import type { UserId } from '#protocol/ids';
import { anId } from '#protocol/testing/ids';
import { offerSetUp as standingCode } from '../auth/administration.ts';
import { newLinkCode } from '../auth/codes.ts';
import { befriend, loginSecret, openBrowser, signIn, signUp, type Answer, type Person } from '../testing/browser.ts';
import { TestClient } from '../testing/test-client.ts';
import { testClock } from '../testing/test-clock.ts';
import { startTestServer, type TestServer } from '../testing/test-server.ts';

describe('administration', () => {
  const clock = testClock();
  let server: TestServer;
  let admin: Person;
  let bob: Person;
  beforeEach(async () => {
    server = await startTestServer({ clock });
    admin = await signUp(server.origin, 'admin');
    bob = await signUp(server.origin, 'bob');
    await server.store.setRole(admin.id, 'admin');
  });
  afterEach(() => server.stop());

  const post = (path: string, json: object) => openBrowser(server.origin).ask('POST', path, { json });
  const about = (who: Person) => `/api/admin/accounts/${who.id}`;
  const connect = async ({ accessToken }: Person): Promise<TestClient> => {
    const socket = new TestClient(server.origin.replace('http', 'ws'));
    await socket.hello(accessToken);
    return socket;
  };
  const offerSetUp = async () => {
    await server.store.setRole(admin.id, 'user');
    return (await standingCode({ store: server.store, refreshKey: server.secrets.refreshKey }))!;
  };
  const registration = (username: string, setUp: string) => ({
    username,
    displayName: 'First',
    loginSecret: loginSecret(username),
    deviceName: 'Phone',
    setUp,
  });

  it('I6b begins with a set-up link, which makes one admin of several who register with it at once', async () => {
    const code = await offerSetUp();
    expect((await post('/api/set-up/open', { code })).status).toBe(204);
    const names = ['one', 'two', 'three'];
    const answers = await Promise.all(names.map(name => post('/api/auth/register', registration(name, code))));
    expect(answers.map(({ status }) => status).sort()).toEqual([201, 403, 403]);
    const made = answers.find(({ status }) => status === 201)?.body;
    expect(made.me.role).toBe('admin');
    const token = String(made.accessToken);
    expect((await openBrowser(server.origin).ask('GET', '/api/admin/accounts', { token })).status).toBe(200);
    expect((await post('/api/set-up/open', { code })).body.type).toBe('invalid-code');
    expect((await post('/api/auth/register', registration('four', code))).body.type).toBe('invalid-code');
    expect((await openBrowser(server.origin).ask('GET', '/api/installation')).body.setUp).toBeUndefined();
  });

  it('I6b goes to a signed-in person who claims the set-up link, once', async () => {
    const code = await offerSetUp();
    const claim = (who: Person, shown: string) => who.ask('POST', '/api/set-up/claim', { json: { code: shown } });
    expect((await claim(bob, newLinkCode())).body.type).toBe('invalid-code');
    const answers = await Promise.all([claim(bob, code), claim(admin, code)]);
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 403]);
    expect(answers.find(({ status }) => status === 200)?.body.role).toBe('admin');
    expect((await claim(bob, code)).status).toBe(403);
  });

  it('I6c never loses its last admin: neither by their own deletion nor by two who disable each other', async () => {
    const remove = (who: Person, name: string) =>
      who.ask('DELETE', '/api/me', { json: { loginSecret: loginSecret(name) } });
    const refused = await remove(admin, 'admin');
    expect([refused.status, refused.body.type]).toEqual([409, 'last-admin']);
    expect((await admin.ask('GET', '/api/me')).status).toBe(200);
    await server.store.setRole(bob.id, 'admin');
    await Promise.all([admin.ask('POST', `${about(bob)}/disable`), bob.ask('POST', `${about(admin)}/disable`)]);
    expect(await server.store.hasAdmin()).toBeTrue();
    await Promise.all([admin.id, bob.id].map(id => server.store.enableUser(id)));
    const again = await signIn(server.origin, 'bob');
    expect((await remove(again, 'bob')).status).toBe(204);
    expect(await server.store.hasAdmin()).toBeTrue();
  });

  it('I7a is for admins alone, as their rows say now', async () => {
    const eve = await signUp(server.origin, 'eve');
    const attempts: [string, string][] = [
      ['GET', '/api/admin/accounts'],
      ['POST', `${about(eve)}/disable`],
      ['POST', `${about(eve)}/enable`],
      ['POST', `${about(eve)}/reset`],
      ['DELETE', about(eve)],
    ];
    for (const [method, path] of attempts) {
      const { status, body } = await bob.ask(method, path);
      expect([status, body.type]).withContext(path).toEqual([403, 'forbidden']);
    }
    expect((await eve.ask('GET', '/api/me')).status).toBe(200);
    expect((await admin.ask('GET', '/api/admin/accounts')).status).toBe(200);
    // Neither the claim in an older token nor a newer one counts.
    await server.store.setRole(admin.id, 'user');
    expect((await admin.ask('GET', '/api/admin/accounts')).status).toBe(403);
  });

  it('I7b lists accounts a page at a time, and lets no admin disable or delete themselves', async () => {
    const first = await admin.ask('GET', '/api/admin/accounts?limit=1');
    expect(first.body.items).toEqual([
      jasmine.objectContaining({ id: admin.id, role: 'admin', disabled: false, username: 'admin' }),
    ]);
    expect(first.text).not.toContain('passwordHash');
    const rest = await admin.ask('GET', `/api/admin/accounts?cursor=${String(first.body.next)}`);
    expect((rest.body.items as { username: string }[]).map(({ username }) => username)).toEqual(['bob']);
    expect((await admin.ask('POST', `${about(admin)}/disable`)).status).toBe(403);
    expect((await admin.ask('DELETE', about(admin))).status).toBe(403);
    const nobody = { ...bob, id: anId<UserId>('00000000-0000-4000-8000-000000000000') };
    for (const what of ['/disable', '/enable', '/reset'])
      expect((await admin.ask('POST', about(nobody) + what)).status).toBe(404);
    expect((await admin.ask('DELETE', about(nobody))).status).toBe(404);
  });

  it('A2a, I8a, I8b shuts a disabled account out at once, until it is enabled and signs in again', async () => {
    const [socket, other] = [await connect(bob), await signIn(server.origin, 'bob')];
    clock.advance(1_000);
    expect((await admin.ask('POST', `${about(bob)}/disable`)).status).toBe(204);
    expect(await socket.closed).toBe(CLOSE_CODES.unauthorized.code);
    for (const device of [bob, other]) {
      expect((await device.ask('GET', '/api/me')).status).toBe(401);
      const halves = { deviceId: device.deviceId, deviceSecret: device.deviceSecret };
      const refreshed = await device.browser.ask('POST', '/api/auth/refresh', { json: halves });
      expect(refreshed.body.type).toBe('sign-in-required');
    }
    const late = new TestClient(server.origin.replace('http', 'ws'));
    await late.open();
    late.write({ type: 'hello', token: bob.accessToken });
    expect(await late.closed).toBe(CLOSE_CODES.unauthorized.code);
    await expectAsync(signIn(server.origin, 'bob')).toBeRejectedWithError(/wrong-credentials/);
    expect((await admin.ask('POST', `${about(bob)}/enable`)).status).toBe(204);
    expect((await (await signIn(server.origin, 'bob')).ask('GET', '/api/me')).status).toBe(200);
    expect((await bob.ask('GET', '/api/me')).status).toBe(401);
  });

  it('I8a shuts out a hello that was on its way when the account was disabled', async () => {
    for (let i = 0; i < 10; i += 1) {
      const device = await signIn(server.origin, 'bob');
      const socket = new TestClient(server.origin.replace('http', 'ws'));
      await socket.open();
      socket.write({ type: 'hello', token: device.accessToken });
      const disabled = admin.ask('POST', `${about(bob)}/disable`);
      expect(await socket.closed).toBe(CLOSE_CODES.unauthorized.code);
      await disabled;
      await admin.ask('POST', `${about(bob)}/enable`);
    }
  });

  it('I8a, I8c takes a deleted account from its contacts and closes its sockets', async () => {
    await befriend(admin, bob);
    const [mine, theirs] = [await connect(admin), await connect(bob)];
    expect((await admin.ask('DELETE', about(bob))).status).toBe(204);
    expect(await theirs.closed).toBe(CLOSE_CODES.unauthorized.code);
    await mine.next('contacts.changed');
    mine.close();
    expect((await admin.ask('GET', '/api/contacts')).body.items).toEqual([]);
    expect((await bob.ask('GET', '/api/me')).status).toBe(401);
  });

  describe('a reset link', () => {
    const make = async (): Promise<Answer['body']> => (await admin.ask('POST', `${about(bob)}/reset`)).body;
    const reset = (code: string, password = 'new') =>
      post('/api/auth/reset', { code, loginSecret: loginSecret(password) });

    it('I9a, I9b lets the person choose a password once, and signs every device out', async () => {
      const socket = await connect(bob);
      const { code, expiresAt } = await make();
      expect(code).toMatch(/^[\w-]{22}$/);
      expect(expiresAt).toBe(clock.now() + 30 * 60_000);
      expect((await post('/api/auth/reset/open', { code: code as string })).body).toEqual({
        username: 'bob',
        displayName: 'bob',
      });
      const answers = await Promise.all([reset(code as string), reset(code as string)]);
      expect(answers.map(({ status }) => status).sort()).toEqual([204, 403]);
      expect(await socket.closed).toBe(CLOSE_CODES.unauthorized.code);
      expect((await bob.ask('GET', '/api/me')).status).toBe(401);
      expect((await reset(code as string)).body.type).toBe('invalid-code');
      await expectAsync(signIn(server.origin, 'bob')).toBeRejectedWithError(/wrong-credentials/);
      const json = { username: 'bob', loginSecret: loginSecret('new'), deviceName: 'x' };
      expect((await post('/api/auth/login', json)).status).toBe(200);
      expect(server.logged.join()).not.toContain(code as string);
    });

    it('I9a ends after half an hour, with the next link, and with another change of the password', async () => {
      const before = await make();
      const json = { currentSecret: loginSecret('bob'), newSecret: loginSecret('own') };
      expect((await bob.ask('POST', '/api/auth/password', { json })).status).toBe(204);
      expect((await reset(before.code as string)).body.type).toBe('invalid-code');
      const [first, second] = [await make(), await make()];
      expect((await reset(first.code as string)).body.type).toBe('invalid-code');
      clock.advance(30 * 60_000);
      expect((await reset(second.code as string)).body.type).toBe('invalid-code');
      const login = { username: 'bob', loginSecret: loginSecret('own'), deviceName: 'x' };
      expect((await post('/api/auth/login', login)).status).toBe(200);
    });

    it('I9a opens nothing but a new password', async () => {
      const { code } = await make();
      expect((await post('/api/set-up/open', { code: code as string })).body.type).toBe('invalid-code');
      expect((await post('/api/auth/register', registration('x-y-z', code as string))).body.type).toBe('invalid-code');
    });
  });
});
