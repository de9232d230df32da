import bcrypt from 'bcrypt';
import type { Login } from '#protocol/api/account';
import { loginSecret, openBrowser, type Browser, signIn, signUp, type Ask } from '../testing/browser.ts';
import { testClock } from '../testing/test-clock.ts';
import { startTestServer, type TestServer } from '../testing/test-server.ts';

const registration = (username: string) => ({
  username,
  displayName: 'Somebody',
  deviceName: 'A browser',
  loginSecret: loginSecret('right'),
});

describe('signing in', () => {
  let server: TestServer;
  const post = (path: string, json: unknown, more: Ask = {}) =>
    openBrowser(server.origin).ask('POST', path, { json, ...more });
  beforeAll(async () => {
    server = await startTestServer();
  });
  afterAll(() => server.stop());

  it('A1a makes an account whose first device is signed in', async () => {
    const ada = await signUp(server.origin, 'ada1', 'Ada');
    const { status, body } = await ada.ask('GET', '/api/me');
    expect(status).toBe(200);
    expect(body).toEqual({ ...ada.me, displayName: 'Ada', role: 'user' });
    const again = await signIn(server.origin, 'ada1');
    expect(again.id).toBe(ada.id);
    expect(again.deviceId).not.toBe(ada.deviceId);
  });

  it('A1b sets the cookie so that no script and no other site gets it', async () => {
    const { headers } = await post('/api/auth/register', registration('ada2'));
    const { id } = await server.store.installation();
    expect(headers.get('set-cookie')).toMatch(
      new RegExp(`^__Host-parley-${id}=[\\w-]{43}; Max-Age=5184000; Path=/; HttpOnly; Secure; SameSite=Strict$`),
    );
  });

  it('A1c, I5a gives a name once, and tells whether it is free', async () => {
    const free = () => post('/api/auth/username', { name: 'grace' });
    expect((await free()).body).toEqual({ free: true });
    const answers = await Promise.all([1, 2, 3].map(() => post('/api/auth/register', registration('grace'))));
    expect(answers.map(({ status }) => status).sort()).toEqual([201, 409, 409]);
    expect(answers.find(({ status }) => status === 409)?.body.type).toBe('username-taken');
    expect((await free()).body).toEqual({ free: false });
  });

  for (const wrong of [
    { username: 'ab' },
    { username: 'x'.repeat(33) },
    { username: 'Ada' },
    { username: 'ädä' },
    { username: 'a b c' },
    { username: "a'--" },
    { username: 42 },
    { username: null },
    { displayName: '' },
    { displayName: '\u202egnirts' },
    { displayName: 'x'.repeat(65) },
    { loginSecret: 'short' },
    { loginSecret: 'a'.repeat(44) },
    { loginSecret: `${'a'.repeat(42)}=` },
    { loginSecret: ['a'.repeat(43)] },
    { deviceName: '' },
    { role: 'admin' },
  ]) {
    it(`${'username' in wrong ? 'A1c, R1a, R1b' : 'R1a, R1b'} refuses to register with ${JSON.stringify(wrong)}`, async () => {
      const { status, body, headers } = await post('/api/auth/register', { ...registration('fine'), ...wrong });
      expect(status).toBe(400);
      expect(headers.get('content-type')).toMatch(/^application\/problem\+json/);
      expect(body).toEqual(jasmine.objectContaining({ type: 'bad-request', status: 400 }));
      const named = (body.errors as { path: string }[]).map(({ path }) => path.split('.')[0]);
      expect(named).toEqual(Object.keys(wrong));
      expect(await server.store.credentials('fine')).toBeNull();
    });
  }

  it('A2a, A2b answers alike, after the same work, for an unknown name, a wrong secret and a disabled account', async () => {
    await signUp(server.origin, 'ada3');
    await server.store.disableUser((await signUp(server.origin, 'gone3')).id);
    const compare = spyOn(bcrypt, 'compare').and.callThrough();
    const attempt = async (username: string, secret: string) => {
      compare.calls.reset();
      const json = { username, loginSecret: loginSecret(secret), deviceName: 'x' };
      const { status, body, headers } = await post('/api/auth/login', json);
      const costs = compare.calls.allArgs().map(([, hash]) => bcrypt.getRounds(hash));
      return { status, body: body as object, headers: [...headers.keys()].sort(), costs };
    };
    const known = await attempt('ada3', 'wrong');
    expect([known.status, known.costs.length]).toEqual([403, 1]);
    expect(known.body).toEqual(jasmine.objectContaining({ type: 'wrong-credentials' }));
    expect(await attempt('nobody3', 'wrong')).toEqual(known);
    expect(await attempt('gone3', 'gone3')).toEqual(known);
  });

  it('A10a, A10b signs every other device out when the password changes', async () => {
    const first = await signUp(server.origin, 'ada4');
    const other = await signIn(server.origin, 'ada4');
    const change = (currentSecret: string) =>
      first.ask('POST', '/api/auth/password', { json: { currentSecret, newSecret: loginSecret('new') } });
    expect((await change(loginSecret('wrong'))).body.type).toBe('wrong-credentials');
    expect((await other.ask('GET', '/api/me')).status).toBe(200);
    expect((await change(loginSecret('ada4'))).status).toBe(204);
    expect((await first.ask('GET', '/api/me')).status).toBe(200);
    expect((await other.ask('GET', '/api/me')).status).toBe(401);
    const login = { username: 'ada4', deviceName: 'x' };
    expect((await post('/api/auth/login', { ...login, loginSecret: loginSecret('ada4') })).status).toBe(403);
    expect((await post('/api/auth/login', { ...login, loginSecret: loginSecret('new') })).status).toBe(200);
  });

  it('A10a deletes an account for its owner alone, and its name cannot sign in afterwards', async () => {
    const ada = await signUp(server.origin, 'ada5');
    const remove = (secret: string) => ada.ask('DELETE', '/api/me', { json: { loginSecret: secret } });
    expect((await remove(loginSecret('wrong'))).status).toBe(403);
    expect((await ada.ask('GET', '/api/me')).status).toBe(200);
    expect((await remove(loginSecret('ada5'))).status).toBe(204);
    expect((await ada.ask('GET', '/api/me')).status).toBe(401);
    const login = { username: 'ada5', loginSecret: loginSecret('ada5'), deviceName: 'x' };
    expect((await post('/api/auth/login', login)).body.type).toBe('wrong-credentials');
  });
});

describe('guessing a secret', () => {
  const clock = testClock();
  let server: TestServer;
  const budgets = {
    provenSignIns: { points: 2, seconds: 600 },
    signIns: { points: 12, seconds: 600 },
    refreshes: { points: 3, seconds: 60 },
    provenRefreshes: { points: 2, seconds: 60 },
  };
  beforeEach(async () => {
    server = await startTestServer({ clock, budgets });
  });
  afterEach(() => server.stop());

  const guess = (username: string, device?: Login['device'], secret = 'wrong') =>
    openBrowser(server.origin).ask('POST', '/api/auth/login', {
      json: { username, loginSecret: loginSecret(secret), deviceName: 'x', ...(device ? { device } : {}) },
    });

  it('A9b makes each wrong secret after the fifth wait twice as long, and forgets with the right one', async () => {
    await signUp(server.origin, 'ada');
    for (let wrong = 0; wrong < 5; wrong += 1) expect((await guess('ada')).status).toBe(403);
    const early = await guess('ada', undefined, 'ada');
    expect(early.status).toBe(429);
    expect(early.body).toEqual(jasmine.objectContaining({ type: 'too-many-attempts', retryMs: 1000 }));
    expect(early.headers.get('retry-after')).toBe('1');
    clock.advance(1000);
    expect((await guess('ada')).status).toBe(403);
    expect((await guess('ada')).body.retryMs).toBe(2000);
    clock.advance(2000);
    expect((await guess('ada', undefined, 'ada')).status).toBe(200);
    expect((await guess('ada')).status).toBe(403);
  });

  it('A9c leaves the owner a budget of their own, which the device secret alone opens', async () => {
    const ada = await signUp(server.origin, 'ada');
    const proof = { deviceId: ada.deviceId, deviceSecret: ada.deviceSecret };
    for (let wrong = 0; wrong < 12; wrong += 1) await guess('ada');
    expect((await guess('ada', undefined, 'ada')).status).toBe(429);
    expect((await guess('ada', { ...proof, deviceSecret: loginSecret('x') }, 'ada')).status).toBe(429);
    const owner = await guess('ada', proof, 'ada');
    expect(owner.status).toBe(200);
    expect(owner.body.deviceId).toBe(ada.deviceId);
    const next = { deviceId: ada.deviceId, deviceSecret: String(owner.body.deviceSecret) };
    expect((await guess('ada', next)).status).toBe(403);
    expect((await guess('ada', next, 'ada')).status).toBe(429);
  });

  it('A9c leaves a device that proves its secret its refreshes, whatever others at its address use up', async () => {
    const ada = await signUp(server.origin, 'ada');
    const refresh = (browser: Browser, deviceSecret: string) =>
      browser.ask('POST', '/api/auth/refresh', { json: { deviceId: ada.deviceId, deviceSecret } });
    const stranger = openBrowser(server.origin);
    for (let i = 0; i < 3; i += 1) expect((await refresh(stranger, loginSecret('x'))).status).toBe(401);
    expect((await refresh(stranger, loginSecret('x'))).status).toBe(429);
    expect((await refresh(ada.browser, ada.deviceSecret)).status).toBe(200);
    expect((await refresh(ada.browser, ada.deviceSecret)).status).toBe(200);
    expect((await refresh(ada.browser, ada.deviceSecret)).status).toBe(429);
  });

  it('A9a counts what an address asks for, whatever the names', async () => {
    for (let wrong = 0; wrong < 12; wrong += 1) expect((await guess(`nobody${wrong}`)).status).toBe(403);
    expect((await guess('somebody')).status).toBe(429);
  });
});
