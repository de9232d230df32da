import { randomUUID } from 'node:crypto';
import type { ConversationId } from '#protocol/ids';
import { befriend, loginSecret, openBrowser, signUp, type Person } from '../testing/browser.ts';
import { startTestServer, type TestServer } from '../testing/test-server.ts';
import type { Route } from './route.ts';
import { ROUTES } from './routes.ts';
import { newId } from '../testing/new-id.ts';

const PICTURE = Buffer.concat([Buffer.from([0xff, 0xd8, 0xff, 0xe0]), Buffer.alloc(64)]);

describe("another person's ids", () => {
  let server: TestServer;
  let ada: Person;
  let bob: Person;
  let eve: Person;
  let conversation: ConversationId;
  beforeAll(async () => {
    server = await startTestServer();
    ada = await signUp(server.origin, 'ada');
    bob = await signUp(server.origin, 'bob');
    eve = await signUp(server.origin, 'eve');
    conversation = await befriend(ada, bob);
    const message = {
      conversationId: conversation,
      author: { userId: ada.id, deviceId: ada.deviceId },
      counts: true,
      withheldFrom: [],
    };
    await server.store.appendMessage({ ...message, id: newId(), data: 'secret', at: 1 });
  });
  afterAll(() => server.stop());

  /** What Eve could see of the others before she tries, and what they see. */
  const picture = async () =>
    Promise.all(
      [ada, bob].flatMap(person =>
        ['/api/me', '/api/devices', '/api/contacts', '/api/conversations', '/api/calls'].map(async path => {
          const { body } = await person.ask('GET', path);
          return JSON.stringify(body).replace(/"lastSeen":\d+/g, '');
        }),
      ),
    );

  /** One of Ada's, without a batch. */
  const backup = async (): Promise<string> => {
    const [known] = await server.store.backupsOf(ada.id);
    if (known) return known.version;
    const version = randomUUID();
    await ada.ask('POST', '/api/backups', { json: { version, about: {} } });
    return version;
  };
  const tries: Record<string, () => Promise<{ status: number }>> = {
    'DELETE /api/devices/:id': () => eve.ask('DELETE', `/api/devices/${ada.deviceId}`),
    'GET /api/conversations/:id/messages': () => eve.ask('GET', `/api/conversations/${conversation}/messages`),
    'GET /api/conversations/:id/retractions': () => eve.ask('GET', `/api/conversations/${conversation}/retractions`),
    'POST /api/contacts/:id/accept': () => eve.ask('POST', `/api/contacts/${ada.id}/accept`),
    'POST /api/contacts/:id/decline': () => eve.ask('POST', `/api/contacts/${ada.id}/decline`),
    'POST /api/contacts/:id/unblock': () => eve.ask('POST', `/api/contacts/${ada.id}/unblock`),
    'DELETE /api/contacts/:id': () => eve.ask('DELETE', `/api/contacts/${ada.id}`),
    'DELETE /api/invitations/:id': async () => {
      const made = await ada.ask('POST', '/api/invitations', { json: { uses: 1, days: 1 } });
      return eve.ask('DELETE', `/api/invitations/${String(made.body.id)}`);
    },
    'DELETE /api/backups/:version': async () => eve.ask('DELETE', `/api/backups/${await backup()}`),
    'GET /api/backups/:version/batches': async () => eve.ask('GET', `/api/backups/${await backup()}/batches`),
    'PUT /api/backups/:version/batches/:number': async () =>
      eve.ask('PUT', `/api/backups/${await backup()}/batches/1`, { json: { manifest: {}, records: [] } }),
    'GET /api/users/:id/avatar/:version': () => eve.ask('GET', `/api/users/${ada.id}/avatar/abc`),
  };
  for (const [name, attempt] of Object.entries(tries)) {
    it(`${name.endsWith('/messages') ? 'R4a, R10b' : 'R4a'} get nothing by ${name}`, async () => {
      const before = await picture();
      expect((await attempt()).status).toBe(404);
      expect(await picture()).toEqual(before);
    });
  }

  it('R4b in a body or a query say nothing about who is asking', async () => {
    const before = await picture();
    const forged = { userId: ada.id, senderId: ada.id, sub: ada.id };
    const asked: [string, string, object | undefined][] = [
      ['GET', `/api/me?userId=${ada.id}`, undefined],
      ['GET', `/api/devices?userId=${ada.id}`, undefined],
      ['PATCH', '/api/me', { displayName: 'Mallory', ...forged }],
      ['PUT', '/api/me/settings', { readReceipts: false, ...forged }],
      ['POST', '/api/calls/seen', { upTo: 5, ...forged }],
      ['POST', '/api/auth/refresh', { deviceId: ada.deviceId, deviceSecret: eve.deviceSecret }],
      ['DELETE', '/api/me', { loginSecret: loginSecret('ada') }],
      ['POST', '/api/auth/password', { currentSecret: loginSecret('ada'), newSecret: loginSecret('new') }],
    ];
    for (const [method, path, json] of asked) {
      const { status, text } = await eve.ask(method, path, json === undefined ? {} : { json });
      if (method !== 'GET') expect(status).withContext(path).toBeGreaterThanOrEqual(400);
      expect(text).withContext(path).not.toContain(ada.id);
      expect(text).withContext(path).not.toContain(ada.deviceId);
    }
    expect(await picture()).toEqual(before);
  });

  it('R4a that do not exist are answered as those of others', async () => {
    const unknown = await eve.ask('GET', `/api/conversations/${randomUUID()}/messages`);
    const others = await eve.ask('GET', `/api/conversations/${conversation}/messages`);
    expect(unknown.body).toEqual(others.body);
  });

  /** Of no use to anybody but admins, to whom everybody's account is theirs to look after(I7a). */
  const adminOnly = ({ method, path }: Route) =>
    path.startsWith('/api/admin/accounts/:') ? `${method.toUpperCase()} ${path}` : [];

  it('R4a cover every route that has an id in its path', () => {
    // A transaction id is the sender's own.
    const own = ['POST /api/contacts/:id/block', 'PUT /api/to-device/:txn', ...ROUTES.flatMap(adminOnly)];
    const withId = ROUTES.filter(({ path }) => path.includes(':')).map(
      ({ method, path }) => `${method.toUpperCase()} ${path}`,
    );
    expect([...Object.keys(tries), ...own].sort()).toEqual([...withId].sort());
  });

  it('A3a keep every route shut for those who are not signed in', async () => {
    const stranger = openBrowser(server.origin);
    const open = [
      'installation',
      'register',
      'login',
      'refresh',
      'username',
      'openapi.json',
      'push/decline',
      'guest/look',
      'guest/knock',
      'guest/ice-servers',
      '/open',
      '/auth/reset',
    ];
    for (const { method, path } of ROUTES) {
      const { status } = await stranger.ask(method.toUpperCase(), path.replace(/:\w+/g, randomUUID()));
      const isOpen = open.some(name => path.endsWith(name));
      expect(status === 401)
        .withContext(`${method} ${path}`)
        .toBe(!isOpen);
    }
  });

  it('R1a that are no ids are a bad request', async () => {
    for (const path of [
      '/api/devices/1',
      "/api/devices/'--",
      `/api/devices/${'a'.repeat(5000)}`,
      '/api/devices/..%2f..',
      '/api/devices/%00',
    ]) {
      const { status, body } = await eve.ask('DELETE', path);
      expect(status).withContext(path).toBe(400);
      expect(body.type).toBe('bad-request');
    }
  });

  it('R11a, R11b takes a picture by its first bytes, and shows it to signed-in users alone', async () => {
    const put = (raw: Uint8Array, type: string) =>
      ada.ask('PUT', '/api/me/avatar', { raw, headers: { 'content-type': type } });
    expect((await put(PICTURE, 'image/svg+xml')).status).toBe(415);
    for (const start of ['RIFF....WEBP', '\x89PNG\r\n\x1a\n'])
      expect((await put(Buffer.from(start.padEnd(64), 'latin1'), 'image/jpeg')).status).toBe(200);
    expect((await put(Buffer.from('<svg onload="alert(1)"/>'), 'image/png')).status).toBe(415);
    expect((await put(Buffer.alloc(0), 'image/png')).status).toBe(415);
    expect((await put(Buffer.concat([PICTURE, Buffer.alloc(256 * 1024)]), 'image/jpeg')).status).toBe(413);
    const { status, body } = await put(PICTURE, 'image/png');
    expect(status).toBe(200);
    const path = `/api/users/${ada.id}/avatar/${String(body.avatar)}`;
    const shown = await bob.ask('GET', path);
    expect(shown.status).toBe(200);
    expect(shown.headers.get('content-type')).toBe('image/jpeg');
    expect(shown.headers.get('cache-control')).toBe('no-store');
    expect((await openBrowser(server.origin).ask('GET', path)).status).toBe(401);
    expect((await bob.ask('GET', '/api/contacts')).body.items[0].person.avatar).toBe(body.avatar);
    expect((await ada.ask('DELETE', '/api/me/avatar')).body.avatar).toBeUndefined();
    expect((await bob.ask('GET', path)).status).toBe(404);
  });
});
