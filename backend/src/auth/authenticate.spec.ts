import jwt from 'jsonwebtoken';
import { randomUUID } from 'node:crypto';
import { signIn, signUp, type Person } from '../testing/browser.ts';
import { testClock } from '../testing/test-clock.ts';
import { startTestServer, type TestServer } from '../testing/test-server.ts';
import { createAuthenticate } from './authenticate.ts';
import { accessTokens } from './tokens.ts';

describe('an access token', () => {
  const clock = testClock();
  let server: TestServer;
  let ada: Person;
  let bob: Person;
  let installation: string;
  beforeAll(async () => {
    server = await startTestServer({ clock });
    ada = await signUp(server.origin, 'ada');
    bob = await signUp(server.origin, 'bob');
    installation = (await server.store.installation()).id;
  });
  afterAll(() => server.stop());

  const seconds = () => Math.floor(clock.now() / 1000);
  const claims = () => ({
    sub: ada.id,
    did: ada.deviceId,
    role: 'user',
    gen: 1,
    jti: randomUUID(),
    iss: installation,
    aud: installation,
    iat: seconds(),
    exp: seconds() + 600,
  });
  const sign = (changed: object, key: jwt.Secret = server.secrets.accessTokenKey, algorithm: jwt.Algorithm = 'HS256') =>
    jwt.sign({ ...claims(), ...changed }, key, { algorithm });
  const without = (name: string) =>
    jwt.sign(
      Object.fromEntries(Object.entries(claims()).filter(([key]) => key !== name)),
      server.secrets.accessTokenKey,
      {
        noTimestamp: true,
      },
    );
  const ask = async (token: string | undefined) => ada.browser.ask('GET', '/api/me', { token });

  it('A3a, A3b is taken when it is ours', async () => {
    expect((await ask(sign({}))).status).toBe(200);
  });

  const wrong: Record<string, () => string | undefined> = {
    missing: () => undefined,
    empty: () => '',
    'no token': () => 'a.b.c',
    expired: () => sign({ exp: seconds() - 1 }),
    'signed with another key': () => sign({}, Buffer.alloc(32, 7)),
    'signed with another algorithm': () => sign({}, server.secrets.accessTokenKey, 'HS512'),
    unsigned: () => sign({}, '', 'none'),
    'unsigned with a signature': () => `${sign({}, '', 'none')}abc`,
    'of another issuer': () => sign({ iss: randomUUID() }),
    'for another audience': () => sign({ aud: randomUUID() }),
    'of no user': () => sign({ sub: randomUUID() }),
    'of no device': () => sign({ did: randomUUID() }),
    'with an unknown role': () => sign({ role: 'root' }),
    'tampered with': () => {
      const [header, , signature] = sign({}).split('.');
      return [
        header,
        Buffer.from(JSON.stringify({ ...claims(), role: 'admin' })).toString('base64url'),
        signature,
      ].join('.');
    },
    ...Object.fromEntries(
      ['sub', 'did', 'role', 'gen', 'iat', 'exp', 'jti', 'iss', 'aud'].map(name => [
        `without ${name}`,
        () => without(name),
      ]),
    ),
  };
  for (const [name, token] of Object.entries(wrong)) {
    it(`${name.startsWith('without') ? 'A3b' : 'A3a'} is refused when it is ${name}`, async () => {
      const { status, body, headers } = await ask(token());
      expect(status).toBe(401);
      expect(body.type).toBe('unauthorized');
      expect(headers.get('www-authenticate')).toMatch(/^Bearer/);
    });
  }

  it("A4a is refused when it names one person's account and another's device", async () => {
    expect((await ask(sign({ did: bob.deviceId }))).status).toBe(401);
  });

  it('A3a is signed with a key of 32 bytes or more', () => {
    expect(() => accessTokens({ key: Buffer.alloc(31, 1), installation, clock })).toThrowError(RangeError);
  });

  it('A4b gives the role of the account’s row, whatever it claims', async () => {
    const { status, body } = await ask(sign({ role: 'admin' }));
    expect(status).toBe(200);
    expect(body.role).toBe('user');
  });

  it('A4a, A10a is refused when its device was removed a moment ago', async () => {
    const other = await signIn(server.origin, 'ada');
    expect((await other.ask('GET', '/api/me')).status).toBe(200);
    expect((await ada.ask('DELETE', `/api/devices/${other.deviceId}`)).status).toBe(204);
    expect((await other.ask('GET', '/api/me')).status).toBe(401);
  });

  it('A4a is refused when its account is disabled', async () => {
    const tokens = accessTokens({ key: server.secrets.accessTokenKey, installation, clock });
    const row = await server.store.device(ada.deviceId);
    const store = { ...server.store, device: async () => row && { ...row, user: { ...row.user, disabled: true } } };
    const authenticate = createAuthenticate({ store, tokens, clock });
    expect(await authenticate(sign({}))).toEqual({ ok: false, error: 'removed' });
  });

  it('A10a ends with signing out, and so does the cookie', async () => {
    const other = await signIn(server.origin, 'ada');
    expect((await other.ask('POST', '/api/auth/logout')).status).toBe(204);
    expect(other.browser.cookies.size).toBe(0);
    expect((await other.ask('GET', '/api/me')).status).toBe(401);
  });

  it('A10a ends at once for every other device where one signs them out, and for those alone', async () => {
    const others = [await signIn(server.origin, 'ada'), await signIn(server.origin, 'ada')];
    expect((await ada.ask('POST', '/api/devices/sign-out-others')).status).toBe(204);
    for (const other of others) expect((await other.ask('GET', '/api/me')).status).toBe(401);
    expect((await bob.ask('GET', '/api/me')).status).toBe(200);
    const { body } = await ada.ask('GET', '/api/devices');
    const items = body.items as { id: string; current: boolean }[];
    expect(items.map(({ id, current }) => [id, current])).toEqual([[ada.deviceId, true]]);
  });
});
