import { once } from 'node:events';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { connect, type AddressInfo, type Socket } from 'node:net';
import { networkInterfaces, tmpdir } from 'node:os';
import { join } from 'node:path';
import { connect as connectTls } from 'node:tls';
import { SOCKET_PATH } from '#protocol/session-frames';
import { ANSWER_HEADERS } from '../answer-headers.ts';
import { createMetrics } from '../ops/metrics.ts';
import { opsApp } from '../ops/ops-app.ts';
import { startTestServer, type TestServer } from '../testing/test-server.ts';
import { openCertificates } from '../tls/certificates.ts';
import { unchanging } from '../tls/served.ts';
import { plainServer } from './listeners.ts';

type Answer = { status: number; headers: Map<string, string> };

/** Writes exactly these lines, and reads the head of what is answered. */
async function headOf(socket: Socket, lines: readonly string[]): Promise<Answer> {
  let text = '';
  socket.setEncoding('latin1').on('data', (part: string) => (text += part));
  socket.write(`${lines.join('\r\n')}\r\n\r\n`);
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  socket.on('data', () => text.includes('\r\n\r\n') && resolve());
  socket.on('error', reject).on('close', () => reject(new Error(`closed after ${JSON.stringify(text)}`)));
  await promise;
  socket.destroy();
  const [status = '', ...rest] = text.slice(0, text.indexOf('\r\n\r\n')).split('\r\n');
  const headers = rest.map(line => [
    line.slice(0, line.indexOf(':')).toLowerCase(),
    line.slice(line.indexOf(':') + 1).trim(),
  ]);
  return { status: Number(status.split(' ')[1]), headers: new Map(headers as [string, string][]) };
}

/** The paths of each kind: pages, files, data, steps of the welcome page, what is not there. */
const PATHS = [
  '/',
  '/index.html',
  '/a.js',
  '/sign-up',
  '/api/installation',
  '/api/openapi.json',
  '/api/me',
  '/api/nothing',
];
const WELCOME = [
  '/trust',
  '/trust/steps',
  '/parley.crt',
  '/parley.mobileconfig',
  '/welcome.js',
  '/mark.svg',
  '/%',
  '/..%2f',
];
const get = (path: string, host: string): string[] => [`GET ${path} HTTP/1.1`, `Host: ${host}`, 'Connection: close'];
const upgrade = (path: string, host: string, ...more: string[]): string[] => [
  ...[`GET ${path} HTTP/1.1`, `Host: ${host}`, 'Connection: Upgrade', 'Upgrade: websocket'],
  ...['Sec-WebSocket-Version: 13', ...more],
];
const KEY = 'Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==';

/** Every class of request, by its name. */
const requests = (host: string): [name: string, lines: string[]][] => [
  ...[...PATHS, ...WELCOME].map((path): [string, string[]] => [path, get(path, host)]),
  ['another Host', get('/', 'evil.example')],
  ['no Host', ['GET / HTTP/1.1']],
  ['a method that changes', [`POST /api/auth/login HTTP/1.1`, `Host: ${host}`, 'Content-Length: 0']],
  [
    'a broken body',
    [
      `POST /api/auth/login HTTP/1.1`,
      `Host: ${host}`,
      `Origin: http://${host}`,
      'Content-Type: application/json',
      'Content-Length: 1',
      '',
      '{',
    ],
  ],
  ['an expectation', [...get('/', host), 'Expect: the-unexpected']],
  ['HEAD', [`HEAD / HTTP/1.1`, `Host: ${host}`]],
  ['OPTIONS', [`OPTIONS / HTTP/1.1`, `Host: ${host}`]],
  ['no HTTP', ['hello']],
  ['a head that is too large', [...get('/', host), `X: ${'x'.repeat(20_000)}`]],
  ['an upgrade', upgrade(SOCKET_PATH, host, KEY)],
  ['an upgrade without a key', upgrade(SOCKET_PATH, host)],
  ['an upgrade elsewhere', upgrade('/elsewhere', host, KEY)],
  ['an upgrade from another page', upgrade(SOCKET_PATH, host, KEY, 'Origin: https://evil.example')],
  ['an upgrade by another Host', upgrade(SOCKET_PATH, 'evil.example', KEY)],
];

function expectHeaders({ status, headers }: Answer, name: string): void {
  for (const [header, value] of Object.entries(ANSWER_HEADERS)) {
    const said = headers.get(header.toLowerCase());
    const context = `${name} (${status}): ${header}`;
    if (header === 'Content-Security-Policy') {
      expect(said)
        .withContext(context)
        .toMatch(/default-src '(none|self)'/);
      expect(said).withContext(context).toContain("frame-ancestors 'none'");
      // What a page asks to learn whether it may go on is read across origins.
    } else if (header === 'Cross-Origin-Resource-Policy' && name === '/trust' && status === 204) {
      expect(said).toBe('cross-origin');
    } else expect(said).withContext(context).toBe(value);
  }
}

describe('Every answer carries the one list of headers', () => {
  let directory: string;
  beforeAll(async () => {
    directory = await mkdtemp(join(tmpdir(), 'parley-headers-'));
    for (const folder of ['app', 'welcome']) await mkdir(join(directory, folder));
    await writeFile(join(directory, 'app', 'index.html'), '<!doctype html>');
    await writeFile(join(directory, 'app', 'a.js'), 'a');
    await writeFile(join(directory, 'welcome', 'welcome.js'), 'w');
  });
  afterAll(() => rm(directory, { recursive: true }));

  const withTls = async (): Promise<TestServer> => {
    const tls = await openCertificates({
      directory: join(directory, 'certs'),
      hostName: 'nas',
      hosts: [],
      now: Date.now(),
      notBefore: 0,
      addresses: [],
    });
    return startTestServer({ env: { TLS: 'on' }, tls: unchanging(tls), appDir: join(directory, 'app') });
  };
  const walk = async (open: () => Socket, host: string): Promise<number[]> => {
    const statuses: number[] = [];
    for (const [name, lines] of requests(host)) {
      const answer = await headOf(open(), lines);
      expectHeaders(answer, name);
      statuses.push(answer.status);
    }
    return statuses;
  };

  it('on https', async () => {
    const server = await withTls();
    const port = server.httpsPort!;
    const open = () => connectTls({ port, host: '127.0.0.1', servername: 'localhost', rejectUnauthorized: false });
    const statuses = await walk(open, `localhost:${port}`);
    // The walk has met pages, refusals of each kind and a socket.
    for (const status of [200, 204, 400, 401, 403, 404, 421, 431, 101]) expect(statuses).toContain(status);
    await server.stop();
  });

  it('on plain http, for this machine and for everybody who is welcomed', async () => {
    const server = await withTls();
    const open = () => connect({ port: server.port, host: '127.0.0.1' });
    expect(await walk(open, `localhost:${server.port}`)).toContain(101);
    const statuses = await walk(open, `nas.local:${server.port}`);
    for (const status of [200, 404, 421]) expect(statuses).toContain(status);
    expect(statuses).not.toContain(101);
    await server.stop();
  });

  it('with TLS=off, by the proxy and past it', async () => {
    const server = await startTestServer({ appDir: join(directory, 'app') });
    const open = () => connect({ port: server.port, host: '127.0.0.1' });
    expect(await walk(open, `localhost:${server.port}`)).toContain(101);
    await server.stop();
    const address = Object.values(networkInterfaces())
      .flat()
      .find(one => one?.family === 'IPv4' && !one.internal)?.address;
    if (address === undefined) return pending('this machine has no address but loopback');
    const proxied = await startTestServer({
      env: { LISTEN: '0.0.0.0', TRUSTED_PROXIES: '192.0.2.1' },
      appDir: join(directory, 'app'),
    });
    const past = () => connect({ port: proxied.port, host: address });
    const statuses = await walk(past, `localhost:${proxied.port}`);
    for (const status of statuses) expect([400, 404, 417, 431]).toContain(status);
    await proxied.stop();
  });

  it('on the port of operations', async () => {
    const ops = plainServer(opsApp({ metrics: createMetrics(), hosts: [], missing: () => 'the store is gone' })).listen(
      0,
      '127.0.0.1',
    );
    await once(ops, 'listening');
    const { port } = ops.address() as AddressInfo;
    for (const lines of [
      ...['/livez', '/readyz', '/metrics', '/x'].map(path => get(path, `127.0.0.1:${port}`)),
      ['POST /livez HTTP/1.1', 'Host: x'],
      ['hello'],
    ])
      expectHeaders(await headOf(connect({ port, host: '127.0.0.1' }), lines), lines[0]!);
    ops.close();
  });
});
