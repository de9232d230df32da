import { loginSecret, openBrowser, signUp } from '../testing/browser.ts';
import { rawRequest } from '../testing/raw-request.ts';
import { startTestServer, type TestServer } from '../testing/test-server.ts';

describe('the names and origins of an installation', () => {
  let server: TestServer;
  const env = { PUBLIC_ORIGIN: 'https://parley.example', HOSTS: 'attic.lan, fd00::7, 192.168.7.7' };
  beforeAll(async () => {
    server = await startTestServer({ env });
  });
  afterAll(() => server.stop());
  const get = (host: string) => rawRequest(server.port, 'GET', '/api/installation', { host });

  for (const host of [
    'localhost',
    'LOCALHOST:1234',
    'parley.example',
    'attic.lan:8443',
    'attic.lan.',
    '192.168.7.7',
    '[fd00::7]:8443',
    '[fd00:0:0::7]',
  ])
    it(`R2a knows itself as ${host}`, async () => expect((await get(host)).status).toBe(200));

  for (const host of [
    '',
    'evil.example',
    'parley.example.evil.example',
    'xparley.example',
    'localhost.evil.example',
    '10.0.0.1',
    '[fd00::8]',
    '[::1',
    'a b',
    'localhost:x',
    'user@localhost',
  ])
    it(`R2a is not called ${JSON.stringify(host)}`, async () => {
      const { status, text } = await get(host);
      expect(status).toBe(421);
      expect(JSON.parse(text)).toEqual(jasmine.objectContaining({ type: 'misdirected-request' }));
    });

  const json = JSON.stringify({ username: 'x', loginSecret: loginSecret('x'), deviceName: 'x' });
  const post = (headers: Record<string, string>) =>
    rawRequest(
      server.port,
      'POST',
      '/api/auth/login',
      { host: 'localhost:5', 'content-type': 'application/json', ...headers },
      json,
    );

  const ours: Record<string, string>[] = [
    { 'sec-fetch-site': 'same-origin' },
    { 'sec-fetch-site': 'same-origin', origin: 'http://localhost:5' },
    { origin: 'http://localhost:5' },
    { origin: 'https://localhost:5' },
    { host: 'parley.example', origin: 'https://parley.example' },
  ];
  for (const headers of ours)
    // Past the guard it is the short username that is wrong.
    it(`R2b takes a change with ${JSON.stringify(headers)}`, async () =>
      expect((await post(headers)).status).toBe(400));

  const foreign: Record<string, string>[] = [
    {},
    { origin: 'null' },
    { origin: 'https://evil.example' },
    { origin: 'http://localhost:6' },
    { origin: 'http://localhost:5.evil.example' },
    { origin: 'https://attic.lan' },
    { 'sec-fetch-site': 'cross-site' },
    { 'sec-fetch-site': 'same-site', origin: 'http://localhost:5' },
    { 'sec-fetch-site': 'none' },
    { 'sec-fetch-site': 'same-origin', origin: 'https://evil.example' },
  ];
  for (const headers of foreign)
    it(`R2b refuses a change with ${JSON.stringify(headers)}`, async () => {
      const { status, text } = await post(headers);
      expect(status).toBe(403);
      expect(JSON.parse(text)).toEqual(jasmine.objectContaining({ type: 'forbidden' }));
    });

  const upgrade = (headers: Record<string, string>, path = '/signalingsocket') =>
    rawRequest(server.port, 'GET', path, {
      connection: 'Upgrade',
      upgrade: 'websocket',
      host: 'localhost:5',
      'sec-websocket-version': '13',
      'sec-websocket-key': 'AAAAAAAAAAAAAAAAAAAAAA==',
      'sec-websocket-protocol': 'parley.v1',
      ...headers,
    });
  it('R2c refuses the upgrade of a foreign page, an unknown name and another path', async () => {
    expect((await upgrade({ origin: 'https://evil.example' })).status).toBe(403);
    expect((await upgrade({ host: 'evil.example', origin: 'https://evil.example' })).status).toBe(421);
    expect((await upgrade({ origin: 'http://localhost:5' }, '/elsewhere')).status).toBe(404);
  });
});

describe('a body', () => {
  let server: TestServer;
  beforeAll(async () => {
    server = await startTestServer();
  });
  afterAll(() => server.stop());
  const login = async (raw: string | Uint8Array, type = 'application/json', headers = {}) => {
    const { status, body } = await openBrowser(server.origin).ask('POST', '/api/auth/login', {
      raw,
      headers: { 'content-type': type, ...headers },
    });
    return [status, body.type as string];
  };

  it('R5a of 10 MB is too large, and so is one a byte over the limit', async () => {
    const big = JSON.stringify({ username: 'x'.repeat(10 * 1024 * 1024) });
    expect(await login(big)).toEqual([413, 'too-large']);
    expect(await login(`"${'x'.repeat(64 * 1024 - 1)}"`)).toEqual([413, 'too-large']);
    expect(await login(`{"x":"${'x'.repeat(64 * 1024 - 8)}"}`)).toEqual([400, 'bad-request']);
  });

  it('R5b that is not UTF-8 is not well formed', async () => {
    const bytes = Buffer.from(JSON.stringify({ username: 'abc?' }).replace('?', '\u00ff'), 'latin1');
    expect(await login(bytes)).toEqual([400, 'bad-request']);
    expect(await login(Buffer.from('{}', 'utf16le'), 'application/json; charset=utf-16')).toEqual([400, 'bad-request']);
    expect(await login('{}', 'application/json; charset=latin1')).toEqual([415, 'unsupported-media-type']);
  });

  it('R5b that is no JSON object is refused', async () => {
    for (const raw of [
      '{',
      '',
      'null',
      '"x"',
      '[]',
      '[{}]',
      '{"a":1}}',
      '{"__proto__":{"username":"x"}}',
      '['.repeat(30_000),
    ])
      expect(await login(raw))
        .withContext(raw.slice(0, 40))
        .toEqual([400, 'bad-request']);
  });

  it('R5c of another kind, or compressed, is not taken', async () => {
    expect(await login('a=b', 'application/x-www-form-urlencoded')).toEqual([415, 'unsupported-media-type']);
    expect(await login('{}', 'text/plain')).toEqual([415, 'unsupported-media-type']);
    expect(await login('x', 'application/json', { 'content-encoding': 'gzip' })).toEqual([
      415,
      'unsupported-media-type',
    ]);
  });

  it('R5d is not read before it is known who sends it', async () => {
    const { status } = await openBrowser(server.origin).ask('POST', '/api/contacts', { raw: 'x'.repeat(1e6) });
    expect(status).toBe(401);
  });
});

describe('what every answer says', () => {
  const CSP =
    "default-src 'self'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' blob: data:; " +
    "media-src 'self' blob:; connect-src 'self'; worker-src 'self'; manifest-src 'self' blob:; frame-src 'none'; form-action 'self'; object-src 'none'; " +
    "base-uri 'self'; frame-ancestors 'none'";
  const directives = (header: string | null) => (header ?? '').split(';').map(directive => directive.trim());

  it('R14a has exactly the policies of the app, on refusals too', async () => {
    const server = await startTestServer();
    const ada = await signUp(server.origin, 'ada');
    for (const path of ['/api/me', '/api/installation', '/api/nothing', '/', '/missing.js', '/%zz']) {
      const { headers } = await ada.ask('GET', path);
      expect(directives(headers.get('content-security-policy')))
        .withContext(path)
        .toEqual(directives(CSP));
      expect(headers.get('permissions-policy')).toBe(
        'camera=(self), microphone=(self), display-capture=(self), fullscreen=(self), screen-wake-lock=(self)',
      );
      expect(headers.get('x-content-type-options')).toBe('nosniff');
      expect(headers.get('x-powered-by')).toBeNull();
      expect(headers.get('strict-transport-security')).toBeNull();
    }
    await server.stop();
  });

  for (const [origin, isPublic] of [
    ['https://chat.parley.org', true],
    ['https://parley.local:8443', false],
    ['https://192.168.1.5', false],
    ['https://attic', false],
    ['https://parley.home.arpa', false],
  ] as const)
    it(`R14b ${isPublic ? 'asks' : 'does not ask'} browsers to stay on https at ${origin}`, async () => {
      const server = await startTestServer({ env: { PUBLIC_ORIGIN: origin } });
      const { headers } = await openBrowser(server.origin).ask('GET', '/api/installation');
      expect(headers.has('strict-transport-security')).toBe(isPublic);
      await server.stop();
    });
});
