import { CLOSE_CODES } from '#protocol/close-codes';
import { loginSecret, openBrowser, signIn, signUp, type Person } from '../testing/browser.ts';
import { TestClient } from '../testing/test-client.ts';
import { testClock, type TestClock } from '../testing/test-clock.ts';
import { startTestServer, type TestServer } from '../testing/test-server.ts';
import { GRACE_MS } from './refresh.ts';

describe('a device that ends', () => {
  let clock: TestClock;
  let server: TestServer;
  let admin: Person;
  /** Whose device ends, with another one that may end it. */
  let ada: Person;
  let other: Person;
  beforeEach(async () => {
    clock = testClock();
    server = await startTestServer({ clock });
    admin = await signUp(server.origin, 'root');
    await server.store.setRole(admin.id, 'admin');
    ada = await signUp(server.origin, 'ada');
    other = await signIn(server.origin, 'ada');
  });
  afterEach(() => server.stop());

  const refresh = ({ deviceId, deviceSecret, browser }: Person, cookies = browser.cookies) =>
    openBrowser(server.origin, new Map(cookies)).ask('POST', '/api/auth/refresh', { json: { deviceId, deviceSecret } });

  async function reset(): Promise<void> {
    const { body } = await admin.ask('POST', `/api/admin/accounts/${ada.id}/reset`);
    const json = { code: String(body.code), loginSecret: loginSecret('new') };
    await openBrowser(server.origin).ask('POST', '/api/auth/reset', { json });
  }

  /** Its token is stolen: the thief uses the successor, and the old one comes long after that. */
  async function reuse(): Promise<void> {
    const stolen = new Map(ada.browser.cookies);
    ada.accessToken = String((await refresh(ada, stolen)).body.accessToken);
    await ada.ask('GET', '/api/me', { token: ada.accessToken });
    clock.advance(GRACE_MS + 1);
    expect((await refresh(ada, stolen)).status).toBe(401);
  }

  const WAYS: Record<string, () => Promise<unknown>> = {
    'its token is used again': reuse,
    'another device removes it': () => other.ask('DELETE', `/api/devices/${ada.deviceId}`),
    'it signs out': () => ada.ask('POST', '/api/auth/logout'),
    'another device signs all others out': () => other.ask('POST', '/api/devices/sign-out-others'),
    'another device changes the password': () =>
      other.ask('POST', '/api/auth/password', {
        json: { currentSecret: loginSecret('ada'), newSecret: loginSecret('new') },
      }),
    'the password is reset by a link': reset,
    'its account is disabled': () => admin.ask('POST', `/api/admin/accounts/${ada.id}/disable`),
    'its account is deleted by its owner': () =>
      other.ask('DELETE', '/api/me', { json: { loginSecret: loginSecret('ada') } }),
    'its account is deleted by an admin': () => admin.ask('DELETE', `/api/admin/accounts/${ada.id}`),
  };
  it('A4a, A7b is the same device after it has signed in again, and a token of its ended family is refused', async () => {
    const before = ada.accessToken;
    await reuse();
    const stolen = ada.accessToken;
    const device = { deviceId: ada.deviceId, deviceSecret: ada.deviceSecret };
    const json = { username: 'ada', loginSecret: loginSecret('ada'), deviceName: 'x', device };
    const again = await openBrowser(server.origin).ask('POST', '/api/auth/login', { json });
    expect(again.body.deviceId).toBe(ada.deviceId);
    const ask = async (token: string) => (await ada.browser.ask('GET', '/api/me', { token })).status;
    expect(await Promise.all([before, stolen, String(again.body.accessToken)].map(ask))).toEqual([401, 401, 200]);
  });

  for (const [way, end] of Object.entries(WAYS)) {
    it(`A10a, A7a, I8a, I9b is refused at once, on REST, in a hello and on its open socket, where ${way}`, async () => {
      const line = new TestClient(server.origin.replace('http', 'ws'));
      await line.hello(ada.accessToken);
      await end();
      expect((await ada.browser.ask('GET', '/api/me', { token: ada.accessToken })).status).toBe(401);
      expect(await line.closed).toBe(CLOSE_CODES.unauthorized.code);
      const again = new TestClient(server.origin.replace('http', 'ws'));
      await again.open();
      again.write({ type: 'hello', token: ada.accessToken });
      expect(await again.closed).toBe(CLOSE_CODES.unauthorized.code);
      expect((await refresh(ada)).status).toBe(401);
    });
  }
});
