import { openBrowser, signIn, signUp, loginSecret, type Person } from '../testing/browser.ts';
import { startTestServer, type TestServer } from '../testing/test-server.ts';
import { ROUTES } from './routes.ts';

describe('what a browser stores of answers', () => {
  let server: TestServer;
  let ada: Person;
  beforeAll(async () => {
    server = await startTestServer();
    ada = await signUp(server.origin, 'ada');
  });
  afterAll(() => server.stop());

  it('R17a is nothing, whatever a route answers, to a signed-in person and to a stranger', async () => {
    const stranger = openBrowser(server.origin);
    for (const { method, path } of ROUTES) {
      // What ends the session that the others need is asked below.
      if (path === '/api/auth/logout') continue;
      for (const asker of [stranger, ada]) {
        const address = path.replace(/:\w+/g, '00000000-0000-4000-8000-000000000000');
        const { headers, status } = await asker.ask(method.toUpperCase(), address);
        expect(headers.get('cache-control')).withContext(`${method} ${path}: ${status}`).toBe('no-store');
      }
    }
    expect((await ada.ask('GET', '/api/nothing')).headers.get('cache-control')).toBe('no-store');
  });

  it('R17b is dropped where the session of the device that asks ends, and only there', async () => {
    const cleared = async (answer: Promise<{ status: number; headers: Headers }>) => {
      const { status, headers } = await answer;
      return [status, headers.get('clear-site-data')];
    };
    const json = { loginSecret: loginSecret('ada') };
    const [phone, tablet, third] = [
      await signIn(server.origin, 'ada'),
      await signIn(server.origin, 'ada'),
      await signIn(server.origin, 'ada'),
    ];
    expect(await cleared(ada.ask('GET', '/api/me'))).toEqual([200, null]);
    expect(await cleared(ada.ask('DELETE', `/api/devices/${third.deviceId}`))).toEqual([204, null]);
    const gone = { deviceId: third.deviceId, deviceSecret: third.deviceSecret };
    expect(await cleared(third.ask('POST', '/api/auth/refresh', { json: gone }))).toEqual([401, '"cache"']);
    expect(await cleared(phone.ask('POST', '/api/auth/logout'))).toEqual([204, '"cache"']);
    expect(await cleared(tablet.ask('DELETE', `/api/devices/${tablet.deviceId}`))).toEqual([204, '"cache"']);
    expect(await cleared(ada.ask('DELETE', '/api/me', { json }))).toEqual([204, '"cache"']);
  });
});
