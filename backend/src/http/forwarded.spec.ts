import type { IncomingMessage, ServerResponse } from 'node:http';
import { signUp } from '../testing/browser.ts';
import { rawRequest } from '../testing/raw-request.ts';
import { TestClient } from '../testing/test-client.ts';
import { startTestServer, type TestServer } from '../testing/test-server.ts';
import { networks } from '../variables.ts';
import { onlyByProxy, upgradeOnlyByProxy } from './forwarded.ts';

const PUBLIC = 'https://parley.example';

describe('behind a proxy', () => {
  let server: TestServer;
  const start = async (proxies: string) => {
    server = await startTestServer({ env: { PUBLIC_ORIGIN: PUBLIC, TRUSTED_PROXIES: proxies } });
  };
  afterEach(() => server.stop());
  const status = async (headers: Record<string, string>, method = 'GET', path = '/api/installation') =>
    (await rawRequest(server.port, method, path, { 'content-type': 'application/json', ...headers }, '')).status;
  const login = (headers: Record<string, string>) => status(headers, 'POST', '/api/auth/login');

  it('R3c believes a trusted one that calls it by another name', async () => {
    await start('127.0.0.1');
    const inside = { host: 'parley-backend:8080', 'x-forwarded-host': 'parley.example' };
    expect(await status(inside)).toBe(200);
    expect(await status({ ...inside, 'x-forwarded-host': 'evil.example' })).toBe(421);
    // What was there before the nearest proxy wrote is anybody's word.
    expect(await status({ ...inside, 'x-forwarded-host': 'parley.example, evil.example' })).toBe(421);
    expect(await status({ host: 'parley-backend:8080' })).toBe(421);
  });

  it('R3c believes no other address', async () => {
    await start('10.0.0.0/8');
    expect(await status({ host: 'evil.example', 'x-forwarded-host': 'parley.example' })).toBe(421);
    expect(await status({ host: 'localhost', 'x-forwarded-host': 'evil.example' })).toBe(200);
  });

  it('R2b, R3c knows its own pages by the scheme and the name the proxy was called by', async () => {
    await start('127.0.0.1');
    const by = (proto: string) => ({ host: 'b:1', 'x-forwarded-host': 'localhost:9', 'x-forwarded-proto': proto });
    // Past the guard it is the empty body that is wrong.
    expect(await login({ ...by('https'), origin: 'https://localhost:9' })).toBe(400);
    expect(await login({ ...by('https'), origin: 'http://localhost:9' })).toBe(403);
    expect(await login({ ...by('http'), origin: 'http://localhost:9' })).toBe(400);
    expect(await login({ ...by('https'), origin: 'https://b:1' })).toBe(403);
    expect(await login({ ...by('https'), origin: PUBLIC })).toBe(400);
  });

  it('listens on loopback alone until a proxy is named', async () => {
    // On Linux all of 127.0.0.0/8 is this machine, and 127.0.0.1 is only one of it.
    if (process.platform !== 'linux') pending('needs a second loopback address');
    const elsewhere = () => fetch(`http://127.0.0.2:${server.port}/`).then(response => response.status);
    await start('');
    await expectAsync(elsewhere()).toBeRejected();
    await server.stop();
    await start('10.0.0.1');
    expect(await elsewhere()).toBe(421);
  });

  it('names the public origin first, and opens sockets', async () => {
    await start('127.0.0.1');
    const ada = await signUp(server.origin, 'ada');
    const socket = new TestClient(server.origin.replace('http', 'ws'));
    expect((await socket.hello(ada.accessToken)).origins).toEqual([PUBLIC, server.origin]);
    socket.close();
  });
});

describe('plain http past the proxy', () => {
  const trusted = networks(['192.168.1.5', 'fd00::/64']);
  const from = (remoteAddress: string, localAddress = '192.168.1.20') =>
    ({ socket: { remoteAddress, localAddress }, headers: {} }) as unknown as IncomingMessage;
  const answered = (request: IncomingMessage): string => {
    let text = 'the app';
    const response = { writeHead: () => response, end: (body: string) => (text = body) } as unknown as ServerResponse;
    onlyByProxy(
      () => undefined,
      trusted,
      () => PUBLIC,
    )(request, response);
    return text;
  };

  it('R3b is for this machine and its proxies', () => {
    for (const request of [from('192.168.1.5'), from('::ffff:192.168.1.5'), from('fd00::7'), from('::1', '::1')])
      expect(answered(request)).toBe('the app');
    for (const request of [from('192.168.1.6'), from('8.8.8.8'), from('127.0.0.1', '192.168.1.20'), from('')])
      expect(answered(request)).toMatch(/^Parley is at https:\/\/parley\.example\. .*TRUSTED_PROXIES names them/);
  });

  it('R3b opens no socket for anybody else', () => {
    const accept = jasmine.createSpy();
    const socket = { on: jasmine.createSpy(), end: jasmine.createSpy() };
    const upgrade = (request: IncomingMessage) =>
      upgradeOnlyByProxy(accept, trusted)(request, socket as never, Buffer.alloc(0));
    upgrade(from('192.168.1.6'));
    expect(accept).not.toHaveBeenCalled();
    expect(socket.end).toHaveBeenCalledOnceWith(jasmine.stringMatching(/^HTTP\/1\.1 404 /));
    upgrade(from('192.168.1.5'));
    expect(accept).toHaveBeenCalledTimes(1);
  });
});
