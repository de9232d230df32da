import { once } from 'node:events';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { request } from 'node:http';
import { get } from 'node:https';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { recordPorts } from './ports/recorded-ports.ts';
import { signIn, signUp } from './testing/browser.ts';
import { endAll, run, said } from './testing/process.ts';

describe('the process', () => {
  let directory: string;
  let environment: Record<string, string>;
  beforeEach(async () => {
    directory = await mkdtemp(join(tmpdir(), 'parley-main-'));
    environment = { DATA_DIR: join(directory, 'data'), CERTS_DIR: join(directory, 'certs'), OPS_LISTEN: '127.0.0.1:0' };
  });
  afterEach(async () => {
    await endAll();
    await rm(directory, { recursive: true });
  });
  /** Of the installation, by a client that trusts its root and nothing else. */
  const statusOverTls = async (port: number): Promise<number | undefined> => {
    const ca = await readFile(join(directory, 'certs', 'root.pem'));
    const { promise, resolve, reject } = Promise.withResolvers<number | undefined>();
    const asked = { host: 'localhost', port, path: '/api/installation', ca, agent: false };
    get(asked, response => resolve(response.resume().statusCode)).on('error', reject);
    return promise;
  };
  const free = { HTTPS_PORT: '0', HTTP_PORT: '0' };

  it('does not ask who has its port for TLS while a proxy speaks that', async () => {
    const others = createServer().listen(0);
    await once(others, 'listening');
    const address = others.address();
    const https = typeof address === 'object' ? address?.port : undefined;
    await recordPorts(environment['DATA_DIR'] ?? '', { https: https ?? 0, http: 65_123 });
    const started = run({ ...environment, TLS: 'off', HTTP_PORT: '0' });
    await said(started, /"msg":"listening"/);
    others.close();
  });

  it('refuses a Node without published security fixes', async () => {
    const older = `data:text/javascript,${encodeURIComponent(`Object.defineProperty(process, 'versions', { value: { ...process.versions, node: '24.21.0' } });`)}`;
    const refused = run({ ...environment, ...free, NODE_OPTIONS: `--import=${older}` });
    expect(await refused.exit).toBe(1);
    expect(refused.output()).toMatch(/^Parley needs Node \^24\.22\.1 .*lacks published security fixes.*\n$/);
  });

  it('R3a, R16a, R16b starts, says where it is, drains on SIGTERM and keeps what it acknowledged', async () => {
    const first = run({ ...environment, ...free });
    const [, http] = await said(first, /http:\/\/localhost:(\d+) on this machine/);
    const [, ops] = await said(first, /"opsPort":(\d+)/);
    const [, https] = await said(first, /"https":(\d+)/);
    expect(await statusOverTls(Number(https))).toBe(200);
    expect((await fetch(`http://127.0.0.1:${ops}/livez`)).status).toBe(200);
    expect((await fetch(`http://127.0.0.1:${ops}/readyz`)).status).toBe(200);
    await signUp(`http://localhost:${http}`, 'ada');
    const metrics = await (await fetch(`http://127.0.0.1:${ops}/metrics`)).text();
    expect(metrics).toMatch(
      /parley_http_request_seconds_count\{method="post",route="\/api\/auth\/register",status="201"\} 1/,
    );
    expect(metrics).toContain('process_cpu_user_seconds_total');
    // By its address it is not this machine's own name (R3a).
    const elsewhere = await fetch(`http://127.0.0.1:${http}/api/installation`);
    expect(elsewhere.status).toBe(404);
    expect(await (await fetch(`http://127.0.0.1:${http}/`)).text()).toContain('Trust this server, once');

    // A request that is still being sent when the signal comes is answered.
    const late = request({
      port: http,
      host: '127.0.0.1',
      method: 'POST',
      path: '/api/auth/login',
      headers: { ...HEADERS, host: `localhost:${http}` },
    });
    const answered = new Promise<number | undefined>((resolve, reject) =>
      late.on('response', response => resolve(response.resume().statusCode)).on('error', reject),
    );
    late.write('{"username":');
    await new Promise(resolve =>
      late.on('socket', socket => (socket.connecting ? socket.on('connect', resolve) : resolve(null))),
    );
    await fetch(`http://localhost:${http}/api/installation`);
    first.process.kill('SIGTERM');
    await said(first, /draining/);
    late.end('"x"}');
    expect(await answered).toBe(400);
    expect(await first.exit).toBe(0);
    expect(first.output()).toContain('"msg":"stopped"');

    const second = run({ ...environment, ...free });
    const [, port] = await said(second, /http:\/\/localhost:(\d+) on this machine/);
    expect((await signIn(`http://localhost:${port}`, 'ada')).username).toBe('ada');
    second.process.kill('SIGINT');
    expect(await second.exit).toBe(0);
  }, 120_000);

  const HEADERS = {
    'content-type': 'application/json',
    'sec-fetch-site': 'same-origin',
    'transfer-encoding': 'chunked',
  };

  it('stops with one sentence for each variable that is wrong', async () => {
    const wrong = run({ ...environment, TLS: 'maybe', HTTP_PORT: '-1' });
    expect(await wrong.exit).toBe(1);
    expect(wrong.output().trim().split('\n').sort()).toEqual([
      'HTTP_PORT must be a whole number from 0 to 65535.',
      'TLS must be one of on, off.',
    ]);
  }, 60_000);

  it('stops with a sentence where its port is taken or its data is in use', async () => {
    const first = run({ ...environment, ...free, TLS: 'off' });
    const [, http] = await said(first, /http:\/\/localhost:(\d+) on this machine/);
    const sameData = run({ ...environment, ...free, TLS: 'off' });
    const samePort = run({
      ...environment,
      TLS: 'off',
      HTTPS_PORT: '0',
      HTTP_PORT: String(http),
      DATA_DIR: join(directory, 'other'),
    });
    expect([await sameData.exit, await samePort.exit]).toEqual([1, 1]);
    expect(samePort.output()).toMatch(/Port \d+ is taken/);
    for (const failed of [sameData, samePort]) expect(failed.output()).not.toMatch(/\n\s+at /);
    first.process.kill('SIGTERM');
    expect(await first.exit).toBe(0);
  }, 120_000);
});
