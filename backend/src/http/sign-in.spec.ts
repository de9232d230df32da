import { befriend, loginSecret, openBrowser, signIn, signUp } from '../testing/browser.ts';
import { startTestServer, type TestServer } from '../testing/test-server.ts';

describe('signing in', () => {
  let server: TestServer;
  beforeAll(async () => {
    server = await startTestServer();
  });
  afterAll(() => server.stop());

  it('A1 makes an account whose first device is signed in', async () => {
    const ada = await signUp(server.origin, 'ada1', 'Ada');
    const { status, body } = await ada.ask('GET', '/api/me');
    expect(status).toBe(200);
    expect(body).toEqual({ ...ada.me, displayName: 'Ada', role: 'user' });
    expect([...ada.browser.cookies.keys()][0]).toMatch(/^__Host-parley-/);
    const again = await signIn(server.origin, 'ada1');
    expect(again.id).toBe(ada.id);
    expect(again.deviceId).not.toBe(ada.deviceId);
    const bob = await signUp(server.origin, 'bob1');
    expect(await befriend(ada, bob)).toMatch(/^[0-9a-f-]{36}$/);
  });

  it('A2 answers alike for an unknown name and a wrong secret', async () => {
    await signUp(server.origin, 'ada2');
    const stranger = openBrowser(server.origin);
    const log = (username: string) =>
      stranger.ask('POST', '/api/auth/login', {
        json: { username, loginSecret: loginSecret('wrong'), deviceName: 'x' },
      });
    const known = await log('ada2');
    const unknown = await log('nobody2');
    expect(known.status).toBe(403);
    expect(known.body.type).toBe('wrong-credentials');
    expect(unknown.body).toEqual(known.body);
  });
});
